/** Capabilities, as capabilities(7) names them. */
type Names = readonly string[]

/** What a command takes in one of its ways, where the modes of files are as the kernel makes them. */
export interface Way {
  /** Words of the command line, as mdoc(7) has them. */
  readonly way: string
  /** What user 0 needs besides being user 0; `all` where it starts programs that need their own. */
  readonly root: Names | 'all'
  /**
   * What another user needs; `root` where the kernel or a program asks for user 0. Absent
   * where it is not known.
   */
  readonly other?: Names | 'root'
}

/** What a command needs, and with what it sees as much as root with all capabilities. */
export interface Privileges {
  readonly ways: readonly Way[]
  readonly sight?: Names
}

const modes: Names = ['CAP_DAC_OVERRIDE']
const mounting: Names = ['CAP_SYS_ADMIN']
const frames: Names = ['CAP_SYS_ADMIN']
const becoming: Names = ['CAP_SETUID', 'CAP_SETGID']

/** Another user has to give what he writes to its owner, and what is new to root: root obeys no file of others. */
const giving: Names = ['CAP_CHOWN']

/** Who looks into processes of others. */
const tracing: Names = ['CAP_SYS_PTRACE']

const port: Names = ['CAP_NET_BIND_SERVICE']

const none: Privileges = { ways: [] }

const sight: Names = ['CAP_SYS_PTRACE', 'CAP_DAC_READ_SEARCH', 'CAP_SYS_ADMIN', 'CAP_SYS_CHROOT']

/** Who looks at processes of all users, their memory, and namespaces without a process. */
const looking: Privileges = { ways: [], sight }

/**
 * Who attaches segments of others, too, to see whether their pages are huge. From 6.8 to 7.2 the kernel
 * tells it of those that have a page (shm_add_rss_swap in ipc/shm.c).
 */
const lookingAtSegments: Privileges = { ways: [], sight: [...sight, 'CAP_IPC_OWNER'] }

const writing = (way: string): Way => ({ way, root: [], other: modes })

const keeping = (way: string): Way => ({ way, root: [], other: [...modes, ...giving] })

const keepingMount = (way: string): Way => ({
  way,
  root: mounting,
  other: [...mounting, ...modes, ...giving],
})

/** The least that each command takes; test/live/privileges.ts proves it on a kernel. */
export const privileges: Readonly<Record<string, Privileges>> = {
  list: none,
  resize: { ways: [writing('Cm resize'), keeping('Cm resize Fl -persist')] },
  overcommit: { ways: [writing('Cm overcommit'), keeping('Cm overcommit Fl -persist')] },
  demote: { ways: [writing('Cm demote')] },
  mounts: none,
  mount: {
    ways: [
      { way: 'Cm mount', root: mounting, other: mounting },
      keepingMount('Cm mount Fl -mkdir'),
      keepingMount('Cm mount Fl -persist Cm fstab'),
      keepingMount('Cm mount Fl -persist Cm systemd'),
      keepingMount('Cm mount Fl -persist Cm config'),
    ],
  },
  umount: {
    ways: [
      { way: 'Cm umount', root: mounting, other: mounting },
      keepingMount('Cm umount Fl -persist'),
      keepingMount('Cm umount Fl -persist No of a unit'),
    ],
  },
  cp: none,
  test: {
    ways: [
      { way: 'Cm test', root: [], other: [] },
      { way: 'Cm test Fl -via Cm shm', root: [], other: ['CAP_IPC_LOCK'] },
      { way: 'Cm test Fl -user', root: becoming, other: becoming },
      { way: 'Cm test Fl -cgroup', root: [], other: modes },
      { way: 'Cm test Fl -frames No with the numbers of frames', root: frames, other: frames },
    ],
  },
  who: lookingAtSegments,
  watch: lookingAtSegments,
  files: {
    ways: [
      { way: 'Cm files Fl -clean', root: [], other: [...modes, 'CAP_LEASE'] },
      {
        way: 'Cm files Fl -clean No without leases',
        root: [...tracing, 'CAP_DAC_READ_SEARCH'],
        other: [...tracing, ...modes],
      },
    ],
  },
  doctor: looking,
  apply: {
    ways: [writing('Cm apply No of pools'), keepingMount('Cm apply No of a mount')],
  },
  check: none,
  boot: {
    ways: [
      {
        way: 'Cm boot Fl -install No of a file that the firmware reads',
        root: [],
        other: [...modes, ...giving],
      },
      { way: 'Cm boot Fl -install No by programs', root: 'all', other: 'root' },
    ],
  },
  service: {
    ways: [
      keeping('Cm service install'),
      { way: 'Cm service install No , told to a systemd that runs', root: [], other: 'root' },
    ],
  },
  tune: {
    ways: [
      writing('Cm tune No of a file in Pa /sys'),
      keeping('Cm tune Fl -persist'),
      { way: 'Cm tune No of a file in Pa /proc/sys', root: [], other: 'root' },
    ],
  },
  export: none,
  metrics: {
    ...lookingAtSegments,
    ways: [{ way: 'Cm metrics Fl -listen No on a port below 1024', root: port, other: port }],
  },
  schema: none,
  completion: none,
  man: none,
}

const named = (names: Names): string => `.Dv ${names.join(' , ')}`

const needLines = (who: string, names: Names | 'all' | 'root'): readonly string[] => {
  if (names === 'all') return [`${who}: all, for the programs of the boot loader.`]
  if (names === 'root') return [`${who}: not at all.`]
  return names.length === 0 ? [`${who}: none.`] : [`${who}:`, `${named(names)} .`]
}

const wayLines = ({ way, root, other }: Way): readonly string[] => [
  `.It ${way}`,
  ...needLines('Root', root),
  ...(other === undefined ? [] : needLines('Another user', other)),
]

/** The section about it of the command's manual page, without its heading. */
export const privilegeLines = ({ ways, sight }: Privileges): readonly string[] => [
  ...(ways.length === 0
    ? ['No capability is needed.']
    : [
        'The capabilities that each way needs at least:',
        '.Bl -tag -width Ds',
        ...ways.flatMap(wayLines),
        '.El',
      ]),
  ...(sight === undefined ? [] : ['As much as root sees who has', `${named(sight)} .`]),
  'See',
  '.Sx SECURITY',
  'in',
  '.Xr hugepool 8 .',
]
