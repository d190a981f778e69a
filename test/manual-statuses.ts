import { appendFileSync, chmodSync, fstatSync, mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { commands } from '../src/cli/commands.ts'
import { directoryTree } from '../src/kernel/tree.ts'
import { main } from '../src/main.ts'
import { serviceMark } from '../src/model/config/service/service-kind.ts'
import { caught, type Result } from './helpers/caught.ts'
import { answering } from './helpers/failing-files.ts'
import { systemError } from './helpers/fake-kernel/fake-kernel-errors.ts'
import { hugeDirectory } from './helpers/huge-directory.ts'
import { lastingStage } from './helpers/lasting-stage.ts'
import { loaderMachines, loaderStage } from './helpers/loader-stage.ts'
import { pageNames, pageText, statusesOf } from './helpers/manual-pages.ts'
import {
  type CopyingStage,
  type KernelStage,
  type MountStage,
  mountedOn,
  onCopies,
  onKernel,
  onRecording,
  scarceMachine,
  smallMachine,
} from './helpers/manual-stages.ts'
import { stage } from './helpers/mount-stage.ts'
import { global1G, global2M } from './helpers/on-fake.ts'
import { packaged } from './helpers/packaged.ts'
import { temporary, treeCopy, treeOf } from './helpers/run.ts'
import { dull, hugepool, node, running, serviceMachine, usual } from './helpers/service-machine.ts'
import { G, M } from './helpers/sizes.ts'
import { tunedStage } from './helpers/tuned-stage.ts'

// For every exit status that a manual page documents there are command lines that end with it, and
// where there is doubt between two statuses, lines on both sides.

type Stage = KernelStage & MountStage
/** A command line with its stage, or what runs one that needs more than a stage. */
type Row =
  | string
  | readonly [line: string, stage: Stage]
  | ((t: Test) => Promise<Pick<Result, 'status'>>)

const mounted: Stage = { mounts: [mountedOn('/mnt/huge')] }
const bare: Stage = { mounts: [] }
const on = (prepare: Required<KernelStage>['prepare']): Stage => ({ prepare })

const unprivileged = on((kernel) => {
  kernel.unprivileged = true
})
const readOnly = on((kernel) => {
  kernel.readOnly = true
})
const noGrowth = on((kernel) => kernel.limitGrowth(2n * M, 0n))
const broken = on((kernel) => kernel.failWrite(`${global2M}/nr_hugepages`, 'EIO', 'always'))
const brokenLimit = on((kernel) =>
  kernel.failWrite(`${global2M}/nr_overcommit_hugepages`, 'EIO', 'always'),
)
const noSegments = on((_, mapper) => {
  mapper.refusal = { errno: 'EPERM', syscall: 'shmget' }
})
const reserved = on((kernel) => kernel.map(G, 8n))

const serviceFile = '/etc/systemd/system/hugepool.service'
const wantedFile = '/etc/systemd/system/sysinit.target.wants/hugepool.service'
const onLoader =
  (line: string, files: Readonly<Record<string, string>> = {}) =>
  (t: Test) =>
    loaderStage(t, { ...loaderMachines['debian-grub']?.files, ...files }).hugepool(
      ...line.split(' '),
    )

const ownService = `${serviceMark}\nExecStart=${node} ${hugepool} apply --boot\n`

/** Runs a command line on a machine that systemd starts, with more files. */
const onService =
  (line: string, files: Readonly<Record<string, string>> = {}) =>
  (t: Test): Promise<Result> =>
    serviceMachine(t, { ...running, ...files }).hugepool(line)

/** Runs a command line whose standard output has no room. */
const fullOutput = (line: string, root?: string) => async (): Promise<Pick<Result, 'status'>> => {
  const tree = directoryTree(join(import.meta.dirname, 'fixtures/trees/two-nodes'))
  const status = await main(line.split(' '), {
    streams: {
      outIsTerminal: false,
      errIsTerminal: false,
      environment: {},
      out: () => {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })
      },
      err: () => {},
    },
    loadNative: () => {
      throw new Error('no addon here')
    },
    packaged,
    tree: root === undefined ? tree : { ...tree, root },
  })
  return { status }
}

/** Asks for a page that came without its text, on a machine with no program that would make it. */
const withoutFormatter = () =>
  caught(['man'], silent, {
    packaged: {
      fileOf: (name) => `/usr/lib/hugepool/${name}`,
      read: () => {
        throw systemError('ENOENT', 'open')
      },
    },
    run: async () => ({ status: undefined, stdout: '', stderr: '' }),
  })

const silent = { outIsTerminal: false, errIsTerminal: false, environment: {} }

/**
 * Mounts on a directory of this machine, with the mount table of a recorded one and no call of the
 * kernel: it refuses, or makes a mount with these options of it.
 */
const mounting = (
  t: Test,
  { errno, options = '' }: { readonly errno?: 'EPERM'; readonly options?: string },
) => {
  const machine = treeCopy(t, 'two-nodes')
  // Below /dev the recorded machine has mounts of its own.
  const target = temporary(t, '/tmp')
  const refuse = () => {
    throw systemError(errno ?? 'EIO', 'mount')
  }
  const show = () =>
    appendFileSync(join(machine, 'proc/self/mountinfo'), `${mountedOn(target, options)}\n`)
  const native = {
    ...stage(t).native,
    ...(errno === undefined ? { moveMount: show } : { fsopen: refuse, mount: refuse }),
  }
  const tree = { ...directoryTree(machine), root: '' }
  return caught(['mount', target, '--size', '4M'], silent, { tree, native })
}

/** Runs a command line where a directory with one file is a hugetlbfs. */
const withFile =
  (line: string, native = {}) =>
  (t: Test) =>
    hugeDirectory(t, ['a']).run(line, { native })

/** Runs a command line about a file of a directory that is closed to this user, whoever it is. */
const withClosed =
  (words: string) =>
  async (t: Test): Promise<Result> => {
    const closed = temporary(t)
    const { run } = hugeDirectory(t, ['a'])
    const line = `${words} ${join(closed, 'a')}`
    // What is loaded now need not be read by nobody.
    await run(line)
    const isRoot = process.geteuid?.() === 0
    chmodSync(closed, 0)
    if (isRoot) process.seteuid?.('nobody')
    try {
      return await run(line)
    } finally {
      if (isRoot) process.seteuid?.(0)
      chmodSync(closed, 0o700)
    }
  }

/** Another program has locked the directory. */
const locked = {
  flock: (descriptor: number) => {
    if (fstatSync(descriptor).isDirectory()) throw systemError('EAGAIN', 'flock')
  },
}

/** Runs a command line on a machine of which nothing is there. */
const onNothing = (line: string) => async (t: Test) => {
  const root = temporary(t)
  mkdirSync(join(root, 'sys/kernel/mm'), { recursive: true })
  return caught(line.split(' '), silent, { tree: directoryTree(root) })
}

/** A signal that has come asks for the end of what is served. */
const stopping = { watchSignals: () => ({ pending: () => 'SIGTERM' as const, end: () => {} }) }

const served = async () =>
  caught('metrics --listen 0'.split(' '), silent, { tree: treeOf('two-nodes'), ...stopping })

/** Another program has the port. */
const taken = async (): Promise<Result> => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  try {
    const words = ['metrics', '--listen', `${port}`]
    return await caught(words, silent, { tree: treeOf('two-nodes'), ...stopping })
  } finally {
    other.close()
  }
}

/** Nobody, root included, makes a file in the directories of the kernel. */
const unwritable = async (): Promise<Result> =>
  caught('metrics --output /sys/a.prom'.split(' '), silent, { tree: treeOf('two-nodes') })

/** What a fault of the program comes to. */
const faulty = on((kernel) => {
  kernel.onRead = () => {
    throw new TypeError('a fault')
  }
})

const copies =
  (line: string, copying: CopyingStage = {}) =>
  (t: Test) =>
    onCopies(t, line.split(' '), copying)

/** A machine with 8 pages of 2M, and a configuration. */
const onConfigured = (line: string, text?: string) => (t: Test) =>
  lastingStage(t, text === undefined ? {} : { '/etc/hugepool.toml': text }).hugepool(line)
const tuned =
  (
    line: string,
    files: Readonly<Record<string, string>> = {},
    answers: Parameters<typeof tunedStage>[2] = {},
  ) =>
  (t: Test) =>
    tunedStage(t, files, answers).hugepool(line)
const shmmni = '/proc/sys/kernel/shmmni'
const ownTmpfiles = '/etc/tmpfiles.d/10-hugepool.conf'
const eight = '[pools.2M]\npages = 8\n'
const six = '[pools.2M]\npages = 6\n'
const tooMany = '[pools.2M]\npages = 9000\n'

const table: Readonly<Record<string, Readonly<Record<number, readonly Row[]>>>> = {
  'hugepool.8': {
    0: ['list', 'help', 'list --help --json', '--version', 'overcommit 1G=0', 'demote 1G=0'],
    1: [['resize 2M=1', broken], 'resize 2M=999999'],
    2: ['nothing', 'list --nothing', 'resize 2M=1.5', 'list -J -r', 'resize 2M=1 --leave 1.5G'],
    3: [
      ['resize 2M=1', unprivileged],
      ['resize 2M=1', readOnly],
    ],
    4: ['list 64K', 'resize 2M=9:1', 'test 64K=1'],
    5: [onService('service')],
    64: [['resize 2M=9000', noGrowth]],
    70: [['list', faulty]],
  },
  'hugepool-list.8': {
    0: ['list', 'list 2M --per-node'],
    1: [fullOutput('list')],
    2: ['list 2X', 'list -o NOTHING'],
    4: ['list 64K', onNothing('list')],
    64: [['list', on((kernel) => kernel.failRead(`${global2M}/resv_hugepages`, 'EIO', 'always'))]],
  },
  'hugepool-resize.8': {
    0: ['resize 2M=1', 'resize 2M=8400', 'resize 2M=+0', 'resize 2M=1 --dry-run'],
    1: [
      'resize 2M=99999',
      ['resize 2M=9000 --all-or-nothing', noGrowth],
      ['resize 2M=1', broken],
      'resize 2M=9000 --leave 60G',
    ],
    2: ['resize', 'resize 2M=3M', 'resize 2M=-9999', 'resize 2M=1 2M=2'],
    3: [
      ['resize 2M=1', unprivileged],
      ['resize 2M=1', readOnly],
    ],
    4: [
      'resize 64K=1',
      'resize 2M=9:1',
      [
        'resize 2M=2:1',
        {
          machine: {
            nodes: [
              { id: 0, memory: 8n * G },
              { id: 2, memory: 0n },
            ],
            pools: [{ size: 2n * M }],
          },
        },
      ],
    ],
    64: [
      ['resize 2M=9000', noGrowth],
      ['resize 2M=0', on((kernel) => kernel.map(2n * M, 3n).touch(3n))],
    ],
  },
  'hugepool-overcommit.8': {
    0: ['overcommit 2M=9', 'overcommit 2M=0', 'overcommit 1G=0'],
    1: [
      ['overcommit 2M=9', brokenLimit],
      ['overcommit 1G=0 2M=9 --all-or-nothing', brokenLimit],
    ],
    2: ['overcommit 2M=max', 'overcommit 2M=0:1'],
    3: [['overcommit 2M=9', unprivileged]],
    4: ['overcommit 64K=1', ['overcommit 1G=1', { machine: { release: '6.18' } }]],
    64: [['overcommit 1G=1 2M=9', { ...brokenLimit, machine: { release: '6.19' } }]],
  },
  'hugepool-demote.8': {
    0: ['demote 1G=1', 'demote 1G=0'],
    1: [
      ['demote 1G=1', reserved],
      'demote 1G=9 --all-or-nothing',
      ['demote 1G=1', on((kernel) => kernel.failWrite(`${global1G}/demote`, 'EIO'))],
    ],
    2: ['demote 1G=+1', 'demote 1G=1 --to 1G'],
    3: [['demote 1G=1', unprivileged]],
    4: ['demote 64K=1', 'demote 2M=1', ['demote 1G=1', { machine: { release: '5.10' } }]],
    64: ['demote 1G=9'],
  },
  'hugepool-mounts.8': {
    0: ['mounts', ['mounts', bare]],
    1: [fullOutput('mounts')],
    2: ['mounts /mnt', 'mounts -o NOTHING'],
    4: [onNothing('mounts')],
    64: [['mounts', { mounts: [mountedOn('/mnt/huge', 'pagesize=M')] }]],
  },
  'hugepool-mount.8': {
    0: [
      ['mount /mnt/huge --mkdir --dry-run', bare],
      ['mount /mnt/huge', mounted],
    ],
    1: [
      ['mount /mnt/huge --dry-run', bare],
      ['mount /mnt/huge --size 64M', mounted],
      ['mount /mnt/new --mkdir --pagesize 1G --size 1% --dry-run', bare],
      ['mount /mnt/new --mkdir --min-size 8G --dry-run', bare],
      ['mount /mnt/huge --remount --size 64M', mounted],
    ],
    2: [
      ['mount /mnt/new --mkdir --size 3M --dry-run', bare],
      ['mount /mnt/new --mkdir --pagesize 1G --size 4M --dry-run', bare],
      ['mount /mnt/new --mkdir --size 0 --dry-run', bare],
      ['mount /mnt/new --mkdir --size 0% --dry-run', bare],
      ['mount /mnt/new --mkdir --min-size 4M --size 2M --dry-run', bare],
      ['mount /mnt/new --mkdir --nr-inodes 1 --dry-run', bare],
      ['mount /mnt/new --mkdir --mode 4755 --dry-run', bare],
      ['mount /mnt/a$b --mkdir --persist systemd --dry-run', bare],
    ],
    3: [(t) => mounting(t, { errno: 'EPERM' })],
    4: [
      ['mount /mnt/new --mkdir --pagesize 64K --dry-run', bare],
      ['mount /mnt/new --mkdir', { ...bare, recorded: true }],
      ['mount /mnt/new --mkdir --persist systemd --dry-run', bare],
    ],
    64: [(t) => mounting(t, { options: 'pagesize=2M,size=2097152' })],
  },
  'hugepool-umount.8': {
    0: [['umount /mnt/huge', mounted]],
    1: [
      ['umount /mnt/huge', { ...mounted, umount: 'EBUSY' }],
      ['umount /', mounted],
    ],
    2: ['umount', 'umount /a /b'],
    3: [['umount /mnt/huge', { ...mounted, umount: 'EPERM' }]],
    4: [['umount /mnt/nothing', mounted]],
    64: [['umount /mnt/huge --persist', { ...mounted, entries: 'twice' }]],
  },
  'hugepool-cp.8': {
    0: [copies('cp model.bin /mnt/huge'), copies('cp /mnt/huge/model dump.bin')],
    1: [
      copies('cp model.bin /mnt/huge/model'),
      copies('cp model.bin /mnt/huge', { machine: scarceMachine }),
    ],
    2: ['cp a', copies('cp model.bin dump.bin'), copies('cp none.bin /mnt/huge')],
    3: [copies('cp model.bin /mnt/huge', { denied: true })],
    4: [copies('cp model.bin /mnt/huge --node 9')],
  },
  'hugepool-test.8': {
    0: ['test 2M=4', 'test 2M=4 --touch 0'],
    1: [['test 2M=6', { machine: smallMachine }]],
    2: ['test 2M', 'test 2M=4 --touch 5', 'test 2M=4 --mount /nowhere'],
    3: [['test 2M=4 --via shm', noSegments]],
    4: [
      'test 64K=1',
      'test 2M=4 --via file',
      (t) => onRecording(t, ['test', '2M=1'], { recorded: true }),
    ],
    64: [['test 2M=6 --noreserve', { machine: smallMachine }]],
  },
  'hugepool-who.8': {
    0: ['who', 'who 2M --by kind'],
    1: [fullOutput('who')],
    2: ['who --pid 0', 'who --by nothing', 'who --pid 5'],
    3: [withClosed('who --path'), withClosed('who --mount')],
    4: ['who 64K', onNothing('who'), 'who --path /mnt/huge/a'],
    64: [['who', on((kernel) => kernel.failRead(`${global2M}/resv_hugepages`, 'EIO', 'always'))]],
  },
  'hugepool-files.8': {
    0: [
      withFile('files'),
      withFile('files --clean --yes --older 0s'),
      withFile('files --clean'),
      withFile('files --clean --dry-run --older 0s'),
    ],
    1: [fullOutput('files', '')],
    2: [
      'files --yes',
      'files --clean --older 3',
      'files --clean --keep a,',
      withFile('files /proc'),
      withFile('files --clean --older 0s'),
    ],
    3: [withClosed('files')],
    4: ['files', 'files --clean', onNothing('files')],
    64: [withFile('files --clean --yes --older 0s', locked)],
  },
  'hugepool-watch.8': {
    0: ['watch --count 1', 'watch --until 2M.total>=0'],
    1: [fullOutput('watch --count 1')],
    2: ['watch --count 0', 'watch --timeout 3', 'watch --until 2M.total'],
    4: ['watch 4K', 'watch --until 2M@9.total>=0', onNothing('watch')],
    5: ['watch --until 2M.total>1T --timeout 1', 'watch --until 2M.total>1T --count 2'],
  },
  'hugepool-doctor.8': {
    0: ['doctor 2M=4'],
    5: ['doctor 64K=1', ['doctor 2M=6', { machine: smallMachine }]],
    64: [['doctor 2M=4', on((kernel) => kernel.extra.delete('/proc/self/limits'))]],
  },
  'hugepool-apply.8': {
    0: [onConfigured('apply', eight), onConfigured('apply'), onConfigured('apply --dry-run', six)],
    1: [onConfigured('apply --all-or-nothing', tooMany)],
    64: [onConfigured('apply', tooMany)],
  },
  'hugepool-check.8': {
    0: [onConfigured('check', eight), onConfigured('check'), onConfigured('check --syntax', six)],
    5: [onConfigured('check', six), onConfigured('check', tooMany)],
    64: [
      (t) => {
        const stage = lastingStage(t, { '/etc/hugepool.toml': '[tune]\nshm-group = 5\n' })
        stage.kernel.extra.set('/proc/sys/vm/hugetlb_shm_group', 'nonsense\n')
        return stage.hugepool('check')
      },
    ],
  },
  'hugepool-boot.8': {
    0: ['boot', 'boot --check --line hugepages=1', onLoader('boot --install --line hugepages=1')],
    1: [
      onLoader('boot --install --line hugepages=1', {
        '/etc/default/grub': 'GRUB_CMDLINE_LINUX="hugepages=2"\n',
      }),
    ],
    5: ['boot --check --line hugepages', 'boot --install --line hugepages=1'],
    64: [
      onLoader('boot --install --line hugepages=1', {
        '/etc/default/grub.d/zz.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT=quiet\n',
      }),
    ],
  },
  'hugepool-service.8': {
    0: [
      onService('service install'),
      onService('service remove'),
      onService('service', { [serviceFile]: ownService, [wantedFile]: '' }),
      'service print kubelet',
    ],
    1: [onService('service install', { [serviceFile]: '[Unit]\n' })],
    2: ['service enable', 'service install upstart', 'service print a/b'],
    3: [
      (t) => {
        const { root, hugepool } = serviceMachine(t)
        answering(t, `${root}/etc/systemd/system`, 'EACCES', ['accessSync'])
        return hugepool('service install')
      },
    ],
    4: [
      'service install',
      (t) => serviceMachine(t, usual, dull, false).hugepool('service install'),
    ],
    5: [
      onService('service'),
      onService('service status', { [serviceFile]: ownService }),
      onService('service status', { [serviceFile]: '[Unit]\n' }),
    ],
  },
  'hugepool-tune.8': {
    0: [tuned('tune'), tuned('tune thp=madvise'), tuned('tune thp --unpersist')],
    1: [
      tuned('tune min-free=8G'),
      tuned('tune shmmni=65536', {}, { [shmmni]: { errno: 'EINVAL' } }),
      tuned('tune thp=never --persist', { [ownTmpfiles]: 'w /sys/x - - - - 1\n' }),
    ],
    2: [tuned('tune thp=no'), tuned('tune shm-group=nobody'), tuned('tune thp thp=never')],
    3: [
      ['tune shm-group=7', unprivileged],
      ['tune shm-group=7', readOnly],
    ],
    4: [tuned('tune movable-gigantic=1'), tuned('tune thp.16K=always')],
    64: [
      tuned('tune shmmni=65536', {}, { [shmmni]: { becomes: '32768' } }),
      tuned('tune thp=never shmmni=65536', {}, { [shmmni]: { errno: 'EINVAL' } }),
    ],
  },
  'hugepool-export.8': {
    0: ['export', ['export', bare], ['export --all', mounted]],
    1: [fullOutput('export')],
    2: ['export 2M', 'export -o SIZE'],
    4: [onNothing('export')],
    64: [['export', { mounts: [mountedOn('/mnt/huge', 'pagesize=M')] }]],
  },
  'hugepool-metrics.8': {
    0: ['metrics', 'metrics --cgroups --holders', 'metrics --alerts', served],
    1: [fullOutput('metrics'), taken],
    2: ['metrics --output a.txt', 'metrics --output /nonexistent/a.prom', 'metrics --listen x'],
    3: [unwritable],
    4: [onNothing('metrics')],
    64: [['metrics', { mounts: [mountedOn('/mnt/huge', 'pagesize=M')] }]],
  },
  'hugepool-schema.8': {
    0: ['schema', 'schema config', 'schema list --json'],
    1: [fullOutput('schema')],
    2: ['schema lists', 'schema list mounts'],
  },
  'hugepool-completion.8': {
    0: ['completion bash'],
    1: [fullOutput('completion zsh')],
    2: ['completion', 'completion csh'],
  },
  'hugepool-man.8': {
    0: ['man', 'man hugepool.toml'],
    1: [fullOutput('man list')],
    2: ['man lisp', 'man list mounts'],
    4: [withoutFormatter],
  },
}

const resultOf = async (t: Test, row: Row): Promise<Pick<Result, 'status' | 'stderr'>> => {
  if (typeof row === 'function') return { stderr: '', ...(await row(t)) }
  const [line, stage = {}] = typeof row === 'string' ? [row] : row
  const words = line.split(' ')
  const isRecorded = stage.mounts !== undefined || /mount/.test(words[0] ?? '')
  return isRecorded ? onRecording(t, words, stage) : onKernel(words, stage)
}

t.test('every page with statuses is in the table, and each of its statuses', async (t) => {
  for (const page of pageNames) {
    const documented = statusesOf(pageText(page)).map(String)
    t.strictSame(Object.keys(table[page] ?? {}), documented, page)
  }
  t.equal(Object.keys(table).length, commands.length + 1)
})

for (const [page, statuses] of Object.entries(table))
  t.test(page, async (t) => {
    for (const [status, rows] of Object.entries(statuses)) {
      t.ok(rows.length > 0, `there is a line that ends with ${status}`)
      for (const row of rows) {
        const result = await resultOf(t, row)
        t.equal(`${result.status}`, status, `${row}: ${result.stderr}`)
      }
    }
  })
