import { execFileSync } from 'node:child_process'

/** The Debian packages that have the libraries of Node and of the addon. */
const packageOf = {
  'libatomic.so.1': 'libatomic1',
  'libc.so.6': 'libc6',
  'libdl.so.2': 'libc6',
  'libm.so.6': 'libc6',
  'libpthread.so.0': 'libc6',
  'libgcc_s.so.1': 'libgcc-s1',
  'libstdc++.so.6': 'libstdc++6',
}

/**
 * The GCC that has the symbols GLIBCXX_3.4.N and CXXABI_1.3.N first, by N (libstdc++'s manual, ABI Policy and
 * Guidelines).
 */
const gccOf = {
  GLIBCXX: new Map([
    [21, '5.1'],
    [22, '6.1'],
    [23, '7.1'],
    [24, '7.2'],
    [25, '8.1'],
    [26, '9.1'],
    [27, '9.2'],
    [28, '9.3'],
    [29, '11.1'],
    [30, '12.1'],
    [31, '13.1'],
    [32, '13.2'],
    [33, '14.1'],
    [34, '15.1'],
  ]),
  CXXABI: new Map([
    [9, '5.1'],
    [10, '6.1'],
    [11, '7.1'],
    [12, '9.1'],
    [13, '11.1'],
    [14, '13.1'],
    [15, '14.1'],
    [16, '15.1'],
  ]),
}

const isLess = (one, other) => one.localeCompare(other, 'en', { numeric: true }) < 0

/** The version where no symbol has one. */
export const none = '0'

const newest = (versions) =>
  versions.reduce((found, version) => (isLess(found, version) ? version : found), none)

/** The first version of GCC whose library has symbols. All that Debian has in use are newer than the oldest. */
const gccFor = (word, version) => {
  const known = gccOf[word]
  const number = Number(version.split('.')[2] ?? 0)
  const found = known.get(Math.max(number, Math.min(...known.keys())))
  if (found === undefined) throw new Error(`it is not known which GCC has ${word}_${version}`)
  return found
}

/** What readelf(1) tells of files: the libraries that they need, and the versions of their symbols. */
export const lookInto = (files) => {
  const text = files
    .map((file) =>
      execFileSync('readelf', ['--dynamic', '--version-info', '--wide', file], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      }),
    )
    .join('\n')
  const all = (pattern) => [...text.matchAll(pattern)].map(([, found]) => found)
  return {
    libraries: all(/\(NEEDED\).*\[(.+)\]/g),
    glibc: newest(all(/\bGLIBC_([\d.]+)/g)),
    glibcxx: newest(all(/\bGLIBCXX_([\d.]+)/g)),
    cxxabi: newest(all(/\bCXXABI_([\d.]+)/g)),
  }
}

/**
 * Returns the field Depends for files of one processor: what they are linked with, and how new it has to
 * be. dpkg-shlibdeps(1) tells more of single symbols, can do so only where the libraries of that processor
 * are installed, and asks for as new a C library as Debian has where the symbols of libpthread went into it.
 */
export const dependsOf = (files) => {
  const { libraries, glibc, glibcxx, cxxabi } = lookInto(files)
  const gcc = newest([gccFor('GLIBCXX', glibcxx), gccFor('CXXABI', cxxabi)])
  const bounds = { libc6: glibc, 'libstdc++6': gcc }
  // The loader is of the package of the C library.
  const names = libraries
    .filter((name) => !name.startsWith('ld-linux'))
    .map((name) => {
      if (packageOf[name] === undefined) throw new Error(`no package is known that has ${name}`)
      return packageOf[name]
    })
  return [...new Set(names)]
    .sort()
    .map((name) => (bounds[name] === undefined ? name : `${name} (>= ${bounds[name]})`))
    .join(', ')
}
