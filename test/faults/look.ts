import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'

/**
 * What a command could have changed, as it stands: of every thing that there is, by a name that tells
 * its kind, its value.
 */
export type Look = Readonly<Record<string, string>>

const pools = '/sys/kernel/mm/hugepages'

const listed = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

const textOf = (path: string): string => readFileSync(path, 'utf8').trim()

/** The files of the pools that can be set, and the pages that something uses. */
export const poolsSeen = (): Look => {
  const seen: Record<string, string> = {}
  for (const size of listed(pools)) {
    const at = (name: string) => `${pools}/${size}/${name}`
    for (const name of ['nr_hugepages', 'nr_overcommit_hugepages'])
      seen[`pool ${at(name)}`] = textOf(at(name))
    const used = BigInt(textOf(at('nr_hugepages'))) - BigInt(textOf(at('free_hugepages')))
    seen[`used ${size}`] = `${used}`
    seen[`reserved ${size}`] = textOf(at('resv_hugepages'))
  }
  return seen
}

const settings = ['vm/hugetlb_shm_group', 'kernel/shmmax', 'kernel/shmall']

export const settingsSeen = (): Look =>
  Object.fromEntries(
    settings.map((name) => [`setting /proc/sys/${name}`, textOf(`/proc/sys/${name}`)]),
  )

const mountsSeen = (): Look =>
  Object.fromEntries(
    textOf('/proc/self/mountinfo')
      .split('\n')
      .map((line) => line.split(' '))
      .filter((fields) => fields[fields.indexOf('-') + 1] === 'hugetlbfs')
      .map((fields) => [`mount ${fields[4]}`, `${fields[5]} ${fields.at(-1)}`]),
  )

const segmentsSeen = (): Look => {
  const segments = textOf('/proc/sysvipc/shm').split('\n').slice(1)
  return segments.length === 0 ? {} : { segments: `${segments.length}` }
}

/** Those that are dead and that nobody asked about are no processes any more. */
const isAlive = (pid: string): boolean => {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** All processes of this namespace but this one, and what it starts itself to look. */
const processesSeen = (): Look => {
  const others = listed('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid && isAlive(name),
  )
  const names = others.flatMap((pid) => {
    try {
      return [textOf(`/proc/${pid}/comm`)]
    } catch {
      return []
    }
  })
  return names.length === 0 ? {} : { processes: names.sort().join(' ') }
}

/** The directories whose files are watched. Those of the laboratory itself are not among them. */
const watched = ['/etc', '/run', '/boot', '/var/lib/hugepool', '/tmp', '/mnt']
const ownFiles = '/tmp/copies'

/** What a file holds, without the numbers that each mount has anew. */
const textIn = (path: string): string =>
  readFileSync(path, 'latin1').replace(/"id":\d+,"device":"[\d:]+"/g, '"id":"*","device":"*"')

const contentOf = (path: string, stat: Stats): string => {
  const mode = (stat.mode & 0o7777).toString(8)
  if (stat.isSymbolicLink()) return `link ${readlinkSync(path)}`
  if (stat.isDirectory()) return `directory ${mode}`
  // Metrics have the time and the processes of their moment.
  if (path.endsWith('.prom')) return `metrics ${mode}`
  return stat.isFile() ? `file ${mode} ${textIn(path)}` : `special ${mode}`
}

/** What a file shows of itself without being read, and what was in it when that was last looked at. */
interface Known {
  readonly stamp: string
  readonly content: string
}

/** Finds the files that are not as they were at the first look. Only those that were touched are read. */
export const filesSeen = (
  directories: readonly string[] = watched,
): { readonly look: () => Look; readonly first: Look } => {
  const known = new Map<string, Known>()
  const walk = (directory: string, into: Record<string, string>): void => {
    for (const name of listed(directory)) {
      const path = join(directory, name)
      if (path === ownFiles) continue
      const stat = lstatSync(path)
      const stamp = `${stat.mode} ${stat.size} ${stat.ino} ${stat.mtimeMs} ${stat.ctimeMs}`
      const before = known.get(path)
      const content = before?.stamp === stamp ? before.content : contentOf(path, stat)
      known.set(path, { stamp, content })
      into[`file ${path}`] = content
      if (stat.isDirectory()) walk(path, into)
    }
  }
  const all = (): Record<string, string> => {
    const into: Record<string, string> = {}
    for (const directory of directories) walk(directory, into)
    return into
  }
  const first = all()
  const changed = (): Look => {
    const now = all()
    const names = new Set([...Object.keys(first), ...Object.keys(now)])
    const differing = [...names].filter((name) => now[name] !== first[name])
    return Object.fromEntries(differing.map((name) => [name, now[name] ?? 'gone']))
  }
  return { look: changed, first }
}

/** Looks at everything. Files are those that differ from the beginning of the laboratory. */
export const seenWith = (files: () => Look): Look => ({
  ...poolsSeen(),
  ...settingsSeen(),
  ...mountsSeen(),
  ...segmentsSeen(),
  ...processesSeen(),
  ...files(),
})
