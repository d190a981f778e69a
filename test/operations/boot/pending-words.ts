import t from 'tap'
import { installWords } from '../../../src/operations/boot/install-words.ts'
import { pendingWords } from '../../../src/operations/boot/pending-words.ts'
import { loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'
import { scratch } from '../../helpers/persist.ts'

const sequence = 'hugepagesz=2M hugepages=8'
const debian = loaderMachines['debian-grub']?.files ?? {}
const cmdline = { '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n' }
const loader = { name: 'debian-grub', title: 'GRUB of Debian (/etc/default/grub.d)' }
const found = `boot loader: ${loader.title}`
const reboot = 'the words of the next boot are others than those of this one: it takes a reboot'
const recovery =
  "/boot/grub/grub.cfg: 'Debian, with Linux 6.12.0-amd64 (recovery mode)' has other words than the entry that is booted first"

t.test('nothing is pending, then a reboot is, then nothing again', async (t) => {
  const { ports, root } = loaderStage(t, { ...debian, ...cmdline })
  const now = { line: 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet', words: '' }
  const entry = { path: '/boot/grub/grub.cfg', title: 'Debian GNU/Linux', release: '6.12.0-amd64' }
  t.strictSame(await pendingWords(ports), {
    loader,
    configured: { path: '/etc/default/grub.d/99-hugepool.cfg', words: '' },
    next: { ...entry, line: 'root=/dev/sda1 ro  quiet', words: '' },
    now,
    differs: [],
    notes: [found],
  })
  await installWords(ports, { sequence, replace: false, dryRun: false })
  const configured = { path: '/etc/default/grub.d/99-hugepool.cfg', words: sequence }
  const next = { ...entry, line: `root=/dev/sda1 ro  quiet ${sequence}`, words: sequence }
  t.strictSame(await pendingWords(ports), {
    loader,
    configured,
    next,
    now,
    differs: ['this-boot'],
    notes: [found, reboot, recovery],
  })
  const line = `BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet ${sequence}`
  scratch(root, { '/proc/cmdline': `${line}\n` })
  t.strictSame(await pendingWords(ports), {
    loader,
    configured,
    next,
    now: { line, words: sequence },
    differs: [],
    notes: [found, recovery],
  })
})

t.test('a loader that has not read its files', async (t) => {
  const words = 'hugepages=9'
  const { ports } = loaderStage(t, {
    ...debian,
    ...cmdline,
    '/etc/default/grub': `GRUB_CMDLINE_LINUX="${words}"\n`,
  })
  const { configured, differs, notes } = await pendingWords(ports)
  t.strictSame(configured, { path: '/etc/default/grub', words })
  t.strictSame(differs, ['next-boot'])
  t.strictSame(notes, [found, 'the boot loader has other words than its configuration'])
})

t.test('an installation and a removal that were stopped', async (t) => {
  const record = (state: string) => ({
    '/var/lib/hugepool/boot.json': JSON.stringify({
      version: 1,
      loader: 'debian-grub',
      state,
      sequences: [sequence],
      replaced: [],
    }),
  })
  const notesOf = async (state: string) =>
    (await pendingWords(loaderStage(t, { ...debian, ...cmdline, ...record(state) }).ports)).notes[1]
  t.equal(
    await notesOf('installing'),
    'an installation was stopped before its end: --install or --remove ends it',
  )
  t.equal(await notesOf('removing'), 'a removal was stopped before its end: --remove ends it')
})

t.test('a loader that is left to its administrator, and a machine without a line', async (t) => {
  const { ports } = loaderStage(t, { '/etc/os-release': 'ID=nixos\n', ...cmdline })
  t.strictSame(await pendingWords(ports), {
    loader: { name: 'nixos', title: 'NixOS' },
    now: { line: 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet', words: '' },
    differs: [],
    notes: ['boot loader: NixOS'],
  })
  const bare = loaderStage(t, debian)
  t.strictSame((await pendingWords(bare.ports)).now, undefined)
})

t.test('a reboot by kexec goes past the boot loader', async (t) => {
  const kexec = {
    '/usr/sbin/kexec': '',
    '/etc/init.d/kexec-load': '',
    '/etc/default/kexec': 'LOAD_KEXEC=true\n',
  }
  const { ports, hugepool } = loaderStage(t, { ...debian, ...cmdline, ...kexec })
  const { notes: told } = await installWords(ports, { sequence, replace: false, dryRun: false })
  t.strictSame(told, [
    found,
    `/boot/grub/grub.cfg: the next boot has ${sequence}`,
    '/proc/cmdline: a reboot by kexec has no words about HugeTLB: coldreboot(8) goes through the boot loader',
  ])
  const line = 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet'
  const pending = await pendingWords(ports)
  t.strictSame(pending.kexec, { path: '/proc/cmdline', line, words: '' })
  t.strictSame(pending.differs, ['kexec', 'this-boot'])
  t.strictSame(pending.notes.slice(1, 3), [
    'a reboot by kexec has other words than the boot loader: coldreboot(8) goes through it',
    reboot,
  ])
  const { stdout, status } = await hugepool('boot', '--pending')
  t.strictSame(
    [status, stdout.split('\n')[3]],
    [5, 'kexec       /proc/cmdline                        -      -'],
  )
})

t.test(
  'where the boot loader is left to its administrator, kexec is told all the same',
  async (t) => {
    const { ports } = loaderStage(t, {
      '/etc/os-release': 'ID=nixos\n',
      ...cmdline,
      '/sys/kernel/kexec_loaded': '1\n',
    })
    const { kexec, differs, notes } = await pendingWords(ports)
    t.strictSame(
      { kexec, differs, notes },
      {
        kexec: { path: '/sys/kernel/kexec_loaded' },
        differs: [],
        notes: [
          'boot loader: NixOS',
          '/sys/kernel/kexec_loaded: a kernel is loaded that a reboot starts by kexec: its line cannot be read',
        ],
      },
    )
  },
)
