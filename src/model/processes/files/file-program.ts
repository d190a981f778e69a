import { lastName } from '../../etc/path-parts.ts'
import { isAside, isUnfinished } from './aside-name.ts'

/** The program that a file on hugetlbfs is of, as far as its name tells. */
export interface FileProgram {
  readonly program: string
  /** What else the name tells, such as `prefix rte`. */
  readonly detail?: string
  /** The process that the name contains. */
  readonly pid?: number
  /** True for files that are meant to stay while no process uses them. */
  readonly stays?: boolean
}

interface NamedRule {
  /** Matched against the path below the mount. */
  readonly pattern: RegExp
  readonly meaning: (match: readonly string[]) => FileProgram
}

/**
 * The names that programs give to their files, the most special first: SPDK's files are also named
 * as DPDK's (eal_get_hugefile_path in lib/eal/common/eal_filesystem.h), with a prefix that its
 * lib/env_dpdk/init.c makes. A memory backend of QEMU is `qemu_back_mem.ID.XXXXXX`
 * (file_ram_open in system/physmem.c), ZGC's heap `java_heap.PID`, Firedancer's workspaces lie in
 * directories of their own.
 */
const rules: readonly NamedRule[] = [
  {
    pattern: /(?:^|\/)\.(?:huge|gigantic)\/|\.wksp$/,
    meaning: () => ({ program: 'Firedancer', detail: 'workspace', stays: true }),
  },
  {
    pattern: /(?:^|\/)spdk_pid([1-9]\d{0,9})map_\d+$/,
    meaning: ([, pid = '']) => ({ program: 'SPDK', detail: `process ${pid}`, pid: Number(pid) }),
  },
  {
    pattern: /(?:^|\/)spdk(\d+)map_\d+$/,
    meaning: ([, id = '']) => ({ program: 'SPDK', detail: `shared memory id ${id}` }),
  },
  {
    pattern: /(?:^|\/)([^/]+)map_\d+$/,
    meaning: ([, prefix = '']) => ({ program: 'DPDK', detail: `prefix ${prefix}` }),
  },
  {
    pattern: /(?:^|\/)qemu_back_mem\.(.+)\.[^./]{6}$/,
    meaning: ([, id = '']) => ({ program: 'QEMU', detail: `memory backend ${id}` }),
  },
  {
    pattern: /(?:^|\/)java_heap\.([1-9]\d{0,9})$/,
    meaning: ([, pid = '']) => ({ program: 'JVM', detail: `process ${pid}`, pid: Number(pid) }),
  },
]

/** Tells of which program a file is by its path below the mount; undefined where none is known. */
export const programOf = (path: string): FileProgram | undefined => {
  const name = lastName(path)
  if (isAside(name)) return { program: 'hugepool', detail: 'set aside' }
  if (isUnfinished(name)) return { program: 'hugepool', detail: 'left by cp' }
  for (const { pattern, meaning } of rules) {
    const match = pattern.exec(path)
    if (match !== null) return meaning(match)
  }
  return undefined
}

/** Writes a program for a table: `DPDK (prefix rte)`. */
export const programWords = ({ program, detail }: FileProgram): string =>
  detail === undefined ? program : `${program} (${detail})`
