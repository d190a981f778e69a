import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { installWords } from '../../src/operations/boot/install-words.ts'
import { removeWords } from '../../src/operations/boot/remove-words.ts'
import { systemdBootInfo } from '../helpers/loader-stage.ts'
import { grubMachine, images, kernels, machine, ofTools, tools } from './support/tool-machine.ts'

t.setTimeout(600_000)

const first = 'default_hugepagesz=1G hugepagesz=1G hugepages=0:2,1:2 hugepagesz=2M hugepages=512'
const second = 'hugepagesz=2M hugepages=8'
const usual = { replace: false, dryRun: false }

type Machine = ReturnType<typeof machine>

/** What every loader is tried with: words, other words, and none, which leaves everything as it was. */
const goThrough = async (t: Test, { ports, texts }: Machine) => {
  const before = texts()
  const done = await installWords(ports, { ...usual, sequence: first })
  t.strictSame([done.outcome, done.next?.words], ['done', first])
  const after = texts()
  t.equal((await installWords(ports, { ...usual, sequence: first })).outcome, 'unchanged')
  t.strictSame(texts(), after)
  const changed = await installWords(ports, { ...usual, sequence: second })
  t.strictSame([changed.outcome, changed.next?.words], ['done', second])
  t.equal((await removeWords(ports, usual)).outcome, 'done')
  t.strictSame(texts(), before)
}

t.test("Debian's update-grub, with a stand-in for grub-probe", async (t) => {
  const made = await grubMachine(
    t,
    'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="a=1"\n',
  )
  await goThrough(t, made)
  await installWords(made.ports, { ...usual, sequence: first })
  const lines = made.text('/boot/grub/grub.cfg').match(/^\s*linux\s.*$/gm) ?? []
  t.equal(lines.length, 5)
  for (const line of lines)
    t.equal(line.endsWith(` ${first}`), !line.includes(' single '), `not in recovery: ${line}`)
})

t.test('the line of which a kernel boots afterwards', async (t) => {
  const made = await grubMachine(t, 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n')
  const sequence = 'hugepagesz=2M hugepages=0:16,1:8 hugepagesz=1G hugepages=0:1,1:1'
  const { next } = await installWords(made.ports, { ...usual, sequence })
  const line = next?.line ?? ''
  t.match(made.text('/boot/grub/grub.cfg'), ` ${line}\n`)
  t.match(line, /^root=\S+ ro +quiet hugepagesz=2M /)
  writeFileSync(join(tools, 'line'), line)
})

t.test(
  "Debian's update-grub takes words of others off the line, and puts them on again",
  async (t) => {
    const others = 'hugepages=7 default-hugepagesz=2M hugepages=9'
    const made = await grubMachine(
      t,
      `GRUB_CMDLINE_LINUX_DEFAULT="quiet hugepagesz=1G hugepages=3 x='*'"\nGRUB_CMDLINE_LINUX="${others}"\n`,
    )
    const before = made.texts()
    await t.rejects(installWords(made.ports, { ...usual, sequence: first }), { code: 'E_REFUSED' })
    const done = await installWords(made.ports, { sequence: first, replace: true, dryRun: false })
    t.strictSame([done.outcome, done.next?.words], ['done', first])
    t.match(done.next?.line, ' quiet x=')
    for (const line of made.text('/boot/grub/grub.cfg').match(/^\s*linux\s.*$/gm) ?? [])
      t.notMatch(line, /hugepages=[379]/)
    await removeWords(made.ports, usual)
    t.strictSame(made.texts(), before)
  },
)

const uBoot = async (t: Test, files: Readonly<Record<string, string>>) => {
  const made = machine(t, {
    ...images,
    '/etc/fstab': '/dev/sda1 / ext4 ro 0 1\n',
    '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian"\n',
    '/usr/sbin/u-boot-update': ofTools('usr/sbin/u-boot-update'),
    ...files,
  })
  await made.prepare('u-boot-update')
  return made
}

t.test("Debian's u-boot-update", async (t) => {
  await goThrough(t, await uBoot(t, {}))
  const made = await uBoot(t, { '/etc/default/u-boot': 'U_BOOT_PARAMETERS="ro splash"\n' })
  const done = await installWords(made.ports, { ...usual, sequence: first })
  t.equal(done.next?.line, `root=/dev/sda1 ro splash ${first}`)
})

t.test("Debian's u-boot-update goes on reading /etc/kernel/cmdline", async (t) => {
  const made = await uBoot(t, { '/etc/kernel/cmdline': 'root=/dev/vda2 rw quiet\n' })
  t.match(made.text('/boot/extlinux/extlinux.conf'), 'append root=/dev/vda2 rw quiet\n')
  await goThrough(t, made)
  const done = await installWords(made.ports, { ...usual, sequence: first })
  t.equal(done.next?.line, `root=/dev/vda2 rw quiet ${first}`)
})

const machineId = '0123456789abcdef0123456789abcdef'

const systemdBoot = async (t: Test, files: Readonly<Record<string, string>>) => {
  const made = machine(t, {
    ...images,
    ...systemdBootInfo,
    '/etc/machine-id': `${machineId}\n`,
    '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian"\n',
    '/proc/cmdline': 'BOOT_IMAGE=/linux initrd=\\x root=/dev/sda1 ro quiet\n',
    '/usr/bin/kernel-install': '',
    ...files,
  })
  mkdirSync(join(made.root, `efi/${machineId}`), { recursive: true })
  mkdirSync(join(made.root, 'efi/loader/entries'), { recursive: true })
  for (const release of kernels)
    await made.prepare('kernel-install', 'add', release, `/boot/vmlinuz-${release}`)
  return made
}

t.test("systemd's kernel-install, without a line and with one", async (t) => {
  await goThrough(t, await systemdBoot(t, {}))
  const made = await systemdBoot(t, { '/etc/kernel/cmdline': 'root=/dev/sda1\nquiet\n' })
  await goThrough(t, made)
  const done = await installWords(made.ports, { ...usual, sequence: first })
  t.match(done.next?.line, `root=/dev/sda1 quiet ${first}`)
  for (const release of kernels)
    t.match(made.text(`/efi/loader/entries/${machineId}-${release}.conf`), first, release)
})
