import { chmodSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unitName, unitText } from '../../../src/model/mounts/persist/systemd-unit.ts'
import { testSchema } from '../../../src/output/schemas/test-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { hold } from './holder.ts'
import { atEnd } from './live.ts'
import {
  gigantic,
  makeRoom,
  poolPath,
  setPool,
  sizeName,
  smallest,
  writeNumber,
} from './machine.ts'
import { mounted } from './mounted.ts'
import { mountPoint, mountRoom, ofSmallest } from './mounts.ts'
import { type Result, start } from './program.ts'
import {
  firmwareStage,
  grubStage,
  ownEtc,
  type Stage,
  systemdStage,
  withOwnEtc,
  withOwnRun,
} from './stage.ts'
import { temporaryDirectory } from './trace.ts'

const size = sizeName(smallest)

/** Mounts it by mount(8). */
const mountLine = (target: string): string =>
  `mount -t hugetlbfs -o pagesize=${smallest} none '${target}'`

/** A way of a command, as test/helpers/privileges.ts names it, on a kernel. */
export interface Trial {
  /** Puts everything as it was before the command, and gives its words. */
  readonly words: () => Promise<readonly string[]> | readonly string[]
  /** Whether a command that ended with 0 did what it was asked for; it did where this is missing. */
  readonly did?: (result: Result, seen: readonly string[]) => boolean
  /** Where it writes to copies. */
  readonly stage?: (words: readonly string[]) => Stage
  /** What starts it, such as unshare(1), in the place of a stage. */
  readonly under?: readonly string[]
  /** What it says once it serves, until it is told to end. */
  readonly serves?: RegExp
  /** What it says where it does a part without a capability, or nothing, and ends without an error. */
  readonly lacking?: RegExp
  /** What another user is told, where programs that it starts want root. */
  readonly refusal?: RegExp
}

/** The words of a change of a pool that is 1 before. */
const resizing =
  (...more: readonly string[]) =>
  () => {
    setPool(smallest, 1)
    return ['resize', `${size}=2`, ...more]
  }

const overcommitting =
  (...more: readonly string[]) =>
  () => {
    writeNumber(poolPath(smallest, 'nr_overcommit_hugepages'), 0)
    return ['overcommit', `${size}=1`, ...more]
  }

export const configured = (...lines: readonly string[]): readonly string[] => {
  const directory = temporaryDirectory()
  chmodSync(directory, 0o755)
  const file = join(directory, 'hugepool.toml')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return ['apply', '--config', file]
}

const openPoint = (): string => {
  const target = mountPoint()
  chmodSync(join(target, '..'), 0o755)
  return target
}

const newPoint = (): string => {
  const room = mountRoom()
  chmodSync(room, 0o755)
  return `${room}/new`
}

const testing =
  (...words: readonly string[]) =>
  () => {
    setPool(smallest, 1)
    return ['test', `${size}=1`, ...words]
  }

const fileLeft = async (): Promise<readonly string[]> => {
  // Those that stayed in earlier trials keep theirs.
  setPool(smallest, 8)
  const directory = await mounted()
  chmodSync(directory, 0o755)
  const file = `${directory}/left`
  await (await hold(smallest, { pages: 1, touch: 1, sharing: 'shared', file })).release()
  return ['files', directory, '--clean', '--yes', '--older', '0s', '--json']
}

const cleaning: Trial = {
  words: fileLeft,
  did: ({ out }) => (JSON.parse(out) as { removed: string[] }).removed.length === 1,
  lacking: /stays: somebody may have it who could not be looked into\nhint: with CAP_/,
}

/** The directory of the hierarchy that `test` enters a group of: that with the controller, or version 2. */
const hierarchy = (): string => {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const ofKind = (kind: RegExp) => lines.find((line) => kind.test(line))?.split(' ')[4]
  const found = ofKind(/ - cgroup \S+ \S*\bhugetlb\b/) ?? ofKind(/ - cgroup2 /)
  if (found === undefined) throw new Error('no hierarchy of cgroups is mounted')
  return found
}

const newCgroup = (): string => {
  const group = mkdtempSync(`${hierarchy()}/hugepool-`)
  chmodSync(group, 0o755)
  atEnd(() => rmdirSync(group))
  return group
}

const shmGroup = '/proc/sys/vm/hugetlb_shm_group'
const defrag = '/sys/kernel/mm/transparent_hugepage/khugepaged/defrag'

/** The settings beside the pools that are changed here. */
export const settings: readonly string[] = [shmGroup, defrag]

const otherShare = (): string => {
  atEnd(() => writeFileSync(shmGroup, '0'))
  writeFileSync(shmGroup, '0')
  return 'shm-group=1'
}

const installing = () => ['boot', '--install', '--line', 'hugepagesz=2M hugepages=8']

const otherDefrag = (): string => {
  atEnd(() => writeFileSync(defrag, '1'))
  writeFileSync(defrag, '1')
  return 'khugepaged-defrag=0'
}

export const trials: Readonly<Record<string, Trial>> = {
  'Cm resize': { words: resizing() },
  'Cm resize Fl -persist': { words: resizing('--persist'), stage: withOwnEtc },
  'Cm overcommit Fl -persist': { words: overcommitting('--persist'), stage: withOwnEtc },
  'Cm overcommit': { words: overcommitting() },
  'Cm demote': {
    words: () => {
      setPool(smallest, 0)
      makeRoom()
      setPool(gigantic as number, 1)
      return ['demote', `${sizeName(gigantic as number)}=1`]
    },
  },
  'Cm mount': { words: () => ['mount', openPoint(), ...ofSmallest] },
  'Cm mount Fl -mkdir': { words: () => ['mount', newPoint(), '--mkdir', ...ofSmallest] },
  'Cm mount Fl -persist Cm fstab': {
    words: () => ['mount', openPoint(), ...ofSmallest, '--persist', 'fstab'],
    stage: () => ownEtc('', { fstab: '# of the administrator\n' }),
  },
  'Cm mount Fl -persist Cm systemd': {
    words: () => ['mount', openPoint(), ...ofSmallest, '--persist', 'systemd'],
    stage: () => systemdStage(),
  },
  'Cm mount Fl -persist Cm config': {
    words: () => ['mount', openPoint(), ...ofSmallest, '--persist', 'config'],
    stage: withOwnEtc,
  },
  'Cm umount Fl -persist': {
    words: () => ['umount', openPoint(), '--persist'],
    stage: ([, target = '']) => {
      const line = `none ${target} hugetlbfs pagesize=${smallest},nofail,comment=hugepool 0 0\n`
      return ownEtc(mountLine(target), { fstab: line })
    },
  },
  'Cm umount Fl -persist No of a unit': {
    words: () => ['umount', openPoint(), '--persist'],
    stage: ([, target = '']) => {
      const mine = { uid: 0, gid: 0, mode: '0755', flags: [] }
      const text = unitText({ ...mine, target, pageSize: BigInt(smallest) })
      return systemdStage(mountLine(target), { [`${unitName(target)}`]: text })
    },
  },
  'Cm umount': {
    words: async () => {
      const directory = await mounted()
      return ['umount', directory]
    },
  },
  'Cm test': { words: testing() },
  'Cm test Fl -via Cm shm': { words: testing('--via', 'shm') },
  'Cm test Fl -user': { words: testing('--user', '1', '--group', '1') },
  'Cm test Fl -cgroup': { words: () => testing('--cgroup', newCgroup())() },
  'Cm test Fl -frames No with the numbers of frames': {
    words: testing('--frames', '--json'),
    did: ({ out }) => testSchema.parse(parseExact(out)).frames?.[0]?.pfn !== undefined,
    lacking: /the kernel shows frame numbers to CAP_SYS_ADMIN /,
  },
  'Cm files Fl -clean': cleaning,
  'Cm files Fl -clean No without leases': {
    ...cleaning,
    words: () => {
      // Of root's processes user 0 may list the descriptors in any case.
      start(['setpriv', '--reuid', '12', '--clear-groups', 'sleep', '600'])
      return fileLeft()
    },
  },
  'Cm apply No of pools': {
    words: () => {
      setPool(smallest, 1)
      return configured(`[pools.${size}]`, 'pages = 2')
    },
  },
  'Cm apply No of a mount': {
    words: () =>
      configured(`[mounts."${openPoint()}"]`, `page-size = "${size}"`, 'uid = 12', 'gid = 34'),
    stage: withOwnRun,
    did: (_, seen) => seen.some((line) => line.includes('uid=12,gid=34')),
  },
  'Cm boot Fl -install No of a file that the firmware reads': {
    words: installing,
    stage: firmwareStage,
  },
  'Cm boot Fl -install No by programs': {
    words: installing,
    stage: grubStage,
    refusal: /^hugepool: 'update-grub' failed: run it as root\nhugepool: done before that: /,
  },
  'Cm metrics Fl -listen No on a port below 1024': {
    words: () => ['metrics', '--listen', '0.0.0.0:81'],
    under: ['unshare', '--net'],
    serves: /^hugepool: note: metrics are served at /,
  },
  'Cm service install': { words: () => ['service', 'install', '--force'], stage: withOwnEtc },
  'Cm service install No , told to a systemd that runs': {
    words: () => ['service', 'install', '--force'],
    stage: () => systemdStage(),
    did: ({ err }) => !err.includes(' failed'),
    lacking: /'systemctl daemon-reload' failed: Failed to connect to bus/,
  },
  'Cm tune Fl -persist': { words: () => ['tune', otherDefrag(), '--persist'], stage: withOwnEtc },
  'Cm tune No of a file in Pa /sys': { words: () => ['tune', otherDefrag()] },
  'Cm tune No of a file in Pa /proc/sys': { words: () => ['tune', otherShare()] },
}
