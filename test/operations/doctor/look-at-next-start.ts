import { join } from 'node:path'
import t, { type Test } from 'tap'
import { failureFacts } from '../../../src/errors.ts'
import { listSettings } from '../../../src/operations/config/list-settings.ts'
import { lookAtNextStart } from '../../../src/operations/doctor/look-at-next-start.ts'
import { noting } from '../../../src/operations/doctor/note-errors.ts'
import type { Ports } from '../../../src/operations/ports.ts'
import { answering } from '../../helpers/failing-files.ts'
import { loaderMachines } from '../../helpers/loader-stage.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { treeCopy } from '../../helpers/run.ts'
import { M } from '../../helpers/sizes.ts'

type Files = Readonly<Record<string, string>>

const main = '/etc/hugepool.toml'
const sysctl = '/etc/sysctl.d/a.conf'
const shmGroup = '/proc/sys/vm/hugetlb_shm_group'

/** A recorded machine of two nodes with 96 pages of 2M, and files of its own. */
const machine = (t: Test, files: Files): string => {
  const root = treeCopy(t, 'two-nodes')
  scratch(root, files)
  return root
}

/** What is known of the next start, and what was noted. A configuration counts by its files. */
const look = async (root: string, more: Partial<Ports> = {}) => {
  const see = noting()
  const known = await lookAtNextStart({ ...portsOn(root), ...more }, see)
  const { configuration, error, ...rest } = known
  return {
    ...rest,
    ...(configuration && { files: configuration.files }),
    ...(error && { error: failureFacts(error) }),
    unseen: see.unseen(),
  }
}

const nothing = { items: [], written: [], writers: [], isPartial: false, unseen: [] }

t.test('a machine without /etc', async (t) => {
  t.strictSame(await look(machine(t, {})), {
    ...nothing,
    files: [],
    isPartial: true,
    unseen: ['there is no /etc: what a start brings is not known'],
  })
})

const written = {
  source: 'sysctl',
  when: 'before',
  what: { attribute: 'persistent', size: 2n * M },
  value: '3',
  file: sysctl,
  line: 1,
}

t.test('what the configuration wants, and what another file writes', async (t) => {
  const files = { [main]: '[pools.2M]\npages = 5\n', [sysctl]: 'vm.nr_hugepages = 3\n' }
  t.strictSame(await look(machine(t, files)), {
    ...nothing,
    files: [main],
    items: [
      {
        attribute: 'persistent',
        size: 2n * M,
        key: 'pools.2M.pages',
        wanted: 5n,
        found: 96n,
        essential: true,
        state: 'drift',
        why: '91 more than wanted',
        planned: true,
      },
    ],
    written: [written],
    writers: [{ ...written, wins: true, agrees: false }],
  })
})

t.test('settings around the pools that the kernel has, by their files', async (t) => {
  const minFree = '/proc/sys/vm/min_free_kbytes'
  const thp = '/sys/kernel/mm/transparent_hugepage/enabled'
  const root = machine(t, {
    [main]: '[pools.2M]\npages = "at least 0"\n',
    [minFree]: '1024\n',
    [thp]: 'always [madvise] never\n',
    [shmGroup]: '0\n',
    '/proc/cmdline': 'quiet transparent_hugepage=never\n',
    '/etc/sysctl.d/a.conf':
      'vm.min_free_kbytes=1\nvm.hugetlb_shm_group=7\nvm.movable_gigantic_pages=1\n',
    '/etc/sysctl.d/b.conf': 'vm.min_free_kbytes=2\n',
    '/etc/tmpfiles.d/c.conf': `w ${thp} - - - - always\nw ${thp} - - - - never\n`,
    '/etc/rc.local': `echo 3 > ${minFree}\n`,
  })
  const { written, writers } = await look(root)
  t.strictSame(writers, [], 'the configuration manages none of them')
  const told = written.map(
    ({ source, file, line, path, what, value, overridden }) =>
      `${source} ${file}:${line} ${path ?? what?.attribute}=${value}${overridden ? ' overridden' : ''}`,
  )
  t.strictSame(told, [
    `kernel-line /proc/cmdline:undefined ${thp}=never`,
    `sysctl /etc/sysctl.d/a.conf:1 ${minFree}=1 overridden`,
    `sysctl /etc/sysctl.d/b.conf:1 ${minFree}=2`,
    'sysctl /etc/sysctl.d/a.conf:2 shm-group=7',
    `tmpfiles /etc/tmpfiles.d/c.conf:2 ${thp}=never overridden`,
    `tmpfiles /etc/tmpfiles.d/c.conf:1 ${thp}=always`,
    `rc-local /etc/rc.local:1 ${minFree}=3`,
  ])
  const shown = listSettings(portsOn(root), [])
  for (const path of [minFree, thp]) {
    const last = written.findLast((one) => one.path === path)
    const persisted = shown.settings.find(({ setting }) => setting.path === path)?.persisted
    t.strictSame([persisted?.file, persisted?.line], [last?.file, last?.line], 'as tune has it')
  }
})

t.test('a configuration with mistakes is an error, and nothing is noted', async (t) => {
  const files = { [main]: 'x\n', [sysctl]: 'vm.nr_hugepages = 3\n' }
  t.strictSame(await look(machine(t, files)), {
    ...nothing,
    error: {
      code: 'E_CONFIG',
      reason: 'wrong-words',
      message: `${main}:1:2: no TOML: illegal character in key`,
    },
    written: [written],
    isPartial: true,
  })
})

t.test('a configuration that may not be read is noted', async (t) => {
  const root = machine(t, { [main]: '[pools.2M]\npages = 5\n' })
  answering(t, join(root, main), 'EACCES')
  t.strictSame(await look(root), {
    ...nothing,
    isPartial: true,
    unseen: [`${main}: permission denied`],
  })
})

t.test('a shortage, and a fault that is no error of hugepool, are thrown', async (t) => {
  const root = machine(t, { [main]: '[pools.2M]\npages = 5\n' })
  const fault = new TypeError('a fault')
  const tree = {
    ...portsOn(root).tree,
    get root(): string {
      throw fault
    },
  }
  await t.rejects(look(root, { tree }), fault)
  answering(t, join(root, main), 'EMFILE')
  await t.rejects(look(root), { message: `${main}: too many files are open (EMFILE)` })
})

t.test('an item that is not to be seen is noted', async (t) => {
  const root = machine(t, { [main]: '[tune]\nshm-group = "7"\n', [shmGroup]: '0\n' })
  answering(t, join(root, shmGroup), 'EACCES')
  t.strictSame(await look(root), {
    ...nothing,
    files: [main],
    items: [
      {
        attribute: 'shm-group',
        key: 'tune.shm-group',
        essential: true,
        wanted: '7',
        state: 'unknown',
        reason: 'not-root',
        why: `${shmGroup}: permission denied`,
        hints: ['run it as root'],
      },
    ],
    unseen: [`tune.shm-group: ${shmGroup}: permission denied`],
  })
})

t.test('a file of others that may not be read is noted', async (t) => {
  const root = machine(t, { [sysctl]: 'vm.nr_hugepages = 3\n' })
  answering(t, join(root, sysctl), 'EACCES')
  t.strictSame(await look(root), {
    ...nothing,
    files: [],
    isPartial: true,
    unseen: [`${sysctl}: cannot be read: what it sets is not known`],
  })
})

t.test('the line of the next boot counts', async (t) => {
  const files: Files = loaderMachines.grubby?.files ?? {}
  const withWord = Object.entries(files).map(([path, text]) => [
    path,
    text.replace('ro quiet', 'ro hugetlb_free_vmemmap=on'),
  ])
  const root = machine(t, {
    ...Object.fromEntries(withWord),
    [main]: '[boot]\nfree-vmemmap = true\n',
  })
  t.strictSame(await look(root), {
    ...nothing,
    files: [main],
    items: [
      {
        attribute: 'free-vmemmap',
        key: 'boot.free-vmemmap',
        wanted: 'on',
        essential: true,
        found: 'off',
        state: 'next-boot',
        why: 'the next boot brings it',
      },
    ],
  })
})

t.test('the boot loader is asked only where the configuration has words for it', async (t) => {
  const asked: string[] = []
  const run: Ports['run'] = async ([program = '']) => {
    asked.push(program)
    return { status: 1, stdout: '', stderr: '' }
  }
  const files: Files = loaderMachines['rpm-ostree']?.files ?? {}
  const askedWith = async (text: string) => {
    asked.splice(0)
    await look(machine(t, { ...files, [main]: text }), { run }).catch(() => undefined)
    return asked.includes('rpm-ostree')
  }
  t.equal(await askedWith('[pools.2M]\npages = 5\n'), false)
  t.equal(await askedWith('[boot]\nfree-vmemmap = true\n'), true)
})
