/** One system call of a run without a fault. */
export interface Point {
  readonly call: string
  /** The file that it is about; where that has another name in every run, with a star in it. */
  readonly path: string | undefined
  /** Which call of this name, on this path, it is in its thread; from one. */
  readonly onPath: number
  /** Which call of this name it is in its thread, whatever the path. */
  readonly ofAll: number
  /** What the arguments have where other calls of this name are V8's own. */
  readonly mark?: string
}

/** The names that differ from run to run: of a process, and of a file that is not finished. */
const changing = [
  [/^\/proc\/\d+(?=\/|$)/, '/proc/*'],
  [/(\.#?hugepool-)[0-9a-f]+/, '$1*'],
  [/\/hugepool-[A-Za-z0-9]{6}(?=\/|$)/, '/hugepool-*'],
] as const

/** Whether strace can look for a path: it has the same name in every run. */
export const isLasting = (path: string): boolean => !path.includes('*')

const lasting = (path: string): string =>
  changing.reduce((name, [pattern, instead]) => name.replace(pattern, instead), path)

const named = /^(?:AT_FDCWD(?:<[^>]*>)?|\d+<(?<at>[^>]*)>)?(?:, )?"(?<name>(?:[^"\\]|\\.)*)"/
const described = /^\d+<(?<path>\/[^>]*)>/

/** Calls whose text is what is in a file, not its name. */
const isTransfer = (call: string): boolean => /^p?(read|write)(v|64)?$/.test(call)

/** The file that the arguments of a call name, by a path or a descriptor. */
export const pathIn = (call: string, text: string): string | undefined => {
  const { at, name } = (isTransfer(call) ? undefined : named.exec(text)?.groups) ?? {}
  if (name?.startsWith('/')) return lasting(name)
  if (name !== undefined && name !== '' && at?.startsWith('/')) return lasting(`${at}/${name}`)
  const path = described.exec(text)?.groups?.path
  return path === undefined ? undefined : lasting(path.replace(/ \(deleted\)$/, ''))
}

/** Calls that V8 makes as well, and the arguments that only hugepool gives. */
const marks: Readonly<Record<string, readonly string[]>> = {
  mmap: ['MAP_HUGETLB', '<anon_hugepage', '</mnt/', 'memfd:'],
  madvise: ['MADV_POPULATE', 'MADV_REMOVE'],
}

const begun = /^(?<thread>\d+) +(?<call>\w+)\((?<text>.*)$/

/** The calls of a log of `strace -f -y`, in order. Those of each thread are counted apart. */
export const pointsIn = (log: string): readonly Point[] => {
  const counts = new Map<string, number>()
  const next = (key: string): number => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count
  }
  return log.split('\n').flatMap((line): readonly Point[] => {
    const { thread, call, text } = begun.exec(line)?.groups ?? {}
    if (thread === undefined || call === undefined || text === undefined) return []
    const path = pathIn(call, text)
    const mark = marks[call]?.find((word) => text.includes(word))
    const onPath = next(`${thread} ${call} ${path}`)
    const ofAll = next(`${thread} ${call}`)
    return [{ call, path, onPath, ofAll, ...(mark === undefined ? {} : { mark }) }]
  })
}

/**
 * close(2) answers only what the flush of a file says (filp_flush in fs/open.c), and these have none.
 * Node aborts where it reads a whole file and cannot close it.
 */
const isClosedAlways = ({ call, path }: Point): boolean =>
  call === 'close' && /^(\/tmp\/recorded)?\/(sys|proc)\//.test(path ?? '')

/** Memory that V8 gets and gives back, which it does not do without. */
const isOfV8 = ({ call, mark }: Point): boolean => marks[call] !== undefined && mark === undefined

/** Calls that Node makes on its pipes and its own descriptors as well. */
const ofStreams: ReadonlySet<string> = new Set(['close', 'fcntl', 'ioctl', 'fstat', 'statx'])

/**
 * The calls that hugepool makes, which begin with its first bundle: what Node does before is the
 * same for every program. `own` is the directory of the program.
 */
export const pointsOf = (log: string, own: string): readonly Point[] => {
  const points = pointsIn(log)
  const first = points.findIndex(({ path }) => path?.startsWith(`${own}/dist/`))
  const places = [
    '/sys',
    '/proc',
    '/run',
    '/etc',
    '/boot',
    '/var/lib/hugepool',
    '/tmp',
    '/mnt',
    `${own}/dist`,
  ]
  const isBelow = ({ call, path }: Point) =>
    path === undefined
      ? !isTransfer(call) && !ofStreams.has(call)
      : places.some((place) => path === place || path.startsWith(`${place}/`))
  // Of its own files each is opened and read: the rest is Node's.
  const isOfNode = ({ call, path }: Point) =>
    path?.startsWith(`${own}/`) && call !== 'openat' && call !== 'read'
  const isMeant = (point: Point) =>
    isBelow(point) && !isClosedAlways(point) && !isOfV8(point) && !isOfNode(point)
  return first < 0 ? [] : points.slice(first).filter(isMeant)
}
