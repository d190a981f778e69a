import t from 'tap'
import { type Writer, writerSources } from '../../../../src/model/config/writers/writer.ts'
import {
  unreadFileWords,
  writerHints,
  writerWords,
} from '../../../../src/model/config/writers/writer-words.ts'
import { M } from '../../../helpers/sizes.ts'

const writer: Writer = {
  source: 'tmpfiles',
  what: { attribute: 'persistent', size: 2n * M, node: 1 },
  value: '7',
  file: '/usr/lib/tmpfiles.d/a.conf',
  line: 3,
  when: 'after',
  wins: true,
  agrees: false,
}
const does = '/usr/lib/tmpfiles.d/a.conf:3: systemd-tmpfiles sets 2M on node 1 to 7'

t.test('who sets what, where, when, and who wins', async (t) => {
  const { when, wins, agrees, ...plain } = writer
  const cases: readonly (readonly [Writer, string])[] = [
    [writer, `${does}, after hugepool, and wins`],
    [{ ...writer, agrees: true }, `${does}, after hugepool, as it is wanted`],
    [{ ...writer, wins: false }, `${does}, after hugepool, and is overridden`],
    [{ ...writer, when: 'before', wins: false }, `${does}, before hugepool, which overrides it`],
    [{ ...writer, when: 'before', wins: true }, `${does}, and nothing after it`],
    [plain, `${does}, before or after hugepool: nothing orders them`],
  ]
  for (const [each, words] of cases) t.equal(writerWords(each), words)
  const { line, what, ...unclear } = { ...writer, value: `hugeadm ${'x'.repeat(90)}` }
  t.equal(
    writerWords(unclear),
    `/usr/lib/tmpfiles.d/a.conf: systemd-tmpfiles may set pages, which cannot be told: hugeadm ${'x'.repeat(52)}...`,
  )
  const { value: _, ...lock } = unclear
  t.equal(
    writerWords({ ...lock, source: 'proxmox', file: '/l' }),
    '/l: Proxmox VE may set pages, which cannot be told',
  )
  t.equal(
    writerWords({ ...writer, what: { attribute: 'overcommit', size: 2n * M }, source: 'sysctl' }),
    '/usr/lib/tmpfiles.d/a.conf:3: systemd-sysctl sets 2M overcommit to 7, after hugepool, and wins',
  )
})

t.test('each source is named as those who look after machines know it', async (t) => {
  const named = writerSources.map((source) => {
    const said = writerWords({ ...writer, source })
    return [
      source,
      /^\/usr\/lib\/tmpfiles\.d\/a\.conf:3: (.*) sets 2M on node 1 to 7,/.exec(said)?.[1],
    ]
  })
  t.strictSame(named, [
    ['built-in', 'a word that no boot loader passed'],
    ['kernel-line', 'the kernel command line'],
    ['initrd-copy', 'what the initrd may have of it'],
    ['initrd', 'a script of the initrd'],
    ['sysctl', 'systemd-sysctl'],
    ['tmpfiles', 'systemd-tmpfiles'],
    ['dpdk', 'dpdk.service'],
    ['sysfs', 'sysfsutils'],
    ['unit', 'a service'],
    ['pf-ring', 'PF_RING'],
    ['nitro-enclaves', 'nitro-enclaves-allocator'],
    ['tuned', 'tuned'],
    ['libvirt', 'a hook of libvirt'],
    ['proxmox', 'Proxmox VE'],
    ['xmrig', 'xmrig'],
    ['rc-local', 'a script of the start'],
    ['cron', 'cron'],
    ['cloud-init', 'cloud-init'],
  ])
})

t.test('what can be done', async (t) => {
  t.strictSame(writerHints([writer, writer, { ...writer, agrees: true, file: '/x' }]), [
    'remove the line from /usr/lib/tmpfiles.d/a.conf, or have it say the same',
  ])
  t.strictSame(writerHints([{ ...writer, file: '/proc/cmdline' }]), [
    'take the words from the kernel command line of the next start',
  ])
  t.strictSame(writerHints([{ ...writer, source: 'built-in', file: '/proc/cmdline' }]), [
    "the service of 'hugepool service install' sets it after them",
  ])
  t.strictSame(unreadFileWords(['/a']), ['/a: cannot be read: what it sets is not known'])
})
