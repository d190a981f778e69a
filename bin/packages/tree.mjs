import { gzipSync } from 'node:zlib'
import { bomName } from '../build/sbom.mjs'

/** Where a family of distributions has what is not in one place everywhere. */
export const families = {
  debian: {
    zsh: '/usr/share/zsh/vendor-completions',
    changelog: { path: '/usr/share/doc/hugepool/changelog.gz', isPacked: true },
    licence: '/usr/share/doc/hugepool/copyright',
    directories: [],
  },
  rpm: {
    zsh: '/usr/share/zsh/site-functions',
    changelog: { path: '/usr/share/doc/hugepool/CHANGELOG.md', isPacked: false },
    licence: '/usr/share/licenses/hugepool/LICENSE',
    // rpm removes a directory with the package that names it, and dpkg one that is empty.
    directories: ['/usr/share/doc/hugepool', '/usr/share/licenses/hugepool'],
  },
}

/** The program of a package, which its units run. */
export const programPath = '/usr/bin/hugepool'

/** The file of the administrator. What has been changed in it is kept. */
export const configurationPath = '/etc/hugepool.toml'

/** Drop-ins belong there. It is made so that nobody has to find out its name, and goes when it is empty. */
export const dropInDirectory = '/etc/hugepool.d'

const packed = (text) => gzipSync(text, { level: 9 })

/**
 * What a package installs: path, mode, and either a file to copy (`from`) or the text itself. All of it is
 * root's. Nothing is in /run or /var itself.
 */
export const treeOf = (family, sources) => {
  const { zsh, changelog, licence, directories } = families[family]
  const file = (path, text, mode = 0o644) => ({ path, mode, text })
  const share = '/usr/share'
  return [
    { path: programPath, mode: 0o755, from: sources.program },
    ...sources.pages.map(({ name, text }) =>
      file(`${share}/man/man${name.at(-1)}/${name}.gz`, packed(text)),
    ),
    file(`${share}/bash-completion/completions/hugepool`, sources.completions.bash),
    file(`${zsh}/_hugepool`, sources.completions.zsh),
    file(`${share}/fish/vendor_completions.d/hugepool.fish`, sources.completions.fish),
    ...Object.entries(sources.units).map(([name, text]) =>
      file(`/usr/lib/systemd/system/${name}`, text),
    ),
    file('/usr/lib/tmpfiles.d/hugepool.conf', sources.tmpfiles),
    file(configurationPath, sources.configuration),
    ...[dropInDirectory, ...directories].map((path) => ({ path, mode: 0o755, isDirectory: true })),
    file(`${share}/doc/hugepool/README.md`, sources.readme),
    file(`${share}/doc/hugepool/${bomName}`, sources.bom),
    file(changelog.path, changelog.isPacked ? packed(sources.changelog) : sources.changelog),
    file(licence, sources.licence),
  ]
}
