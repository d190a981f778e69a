import { chmodSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { installWords } from '../../src/operations/boot/install-words.ts'
import { pendingWords } from '../../src/operations/boot/pending-words.ts'
import { grubMachine, type machine, tools } from './support/tool-machine.ts'

t.setTimeout(600_000)

/** Loads nothing: it keeps the words that it is started with, one a line. */
const kexec = `#!/bin/sh
for word; do printf '%s\\n' "$word"; done >/kexec-words
`
const standIns = { 'usr/sbin/kexec': kexec, 'usr/sbin/runlevel': '#!/bin/sh\necho N 6\n' }
for (const [path, text] of Object.entries(standIns)) {
  mkdirSync(join(tools, 'usr/sbin'), { recursive: true })
  writeFileSync(join(tools, path), text)
  chmodSync(join(tools, path), 0o755)
}
/** The link of this machine leads through its /etc, which the machines do not have. */
mkdirSync(join(tools, 'usr/bin'), { recursive: true })
symlinkSync(realpathSync('/usr/bin/awk'), join(tools, 'usr/bin/awk'))

const sequence = 'hugepagesz=1G hugepages=0:2,1:2 hugepagesz=2M hugepages=512'
const running = 'BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro hugepages=1'
const load = 'LOAD_KEXEC=true\nKERNEL_IMAGE="/vmlinuz"\nINITRD="/initrd.img"\n'

type Machine = ReturnType<typeof machine>

const withKexec = async (
  t: Test,
  settings: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Machine> => {
  const made = await grubMachine(t, 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n', {
    '/proc/cmdline': `${running}\n`,
    '/etc/default/kexec': settings,
    '/usr/sbin/kexec': '',
    ...more,
  })
  mkdirSync(join(made.root, 'etc/init.d'), { recursive: true })
  cpSync(join(tools, 'etc/init.d/kexec-load'), join(made.root, 'etc/init.d/kexec-load'))
  return made
}

/** What the script hands to kexec as the line when the machine is about to reboot. */
const loadedLine = async ({ run, text }: Machine): Promise<string | undefined> => {
  await run(['sh', '/etc/init.d/kexec-load', 'stop'])
  try {
    return /^--append=(.*)$/m.exec(text('/kexec-words'))?.[1]
  } catch {
    return undefined
  }
}

const squeezed = (line: string | undefined) => line?.trim().replace(/\s+/g, ' ')

t.test(
  "Debian's kexec-load, with a stand-in for kexec: what is foretold is what it loads",
  async (t) => {
    const viaGrub = `${load}USE_GRUB_CONFIG=true\n`
    const saved = { '/boot/grub/grubenv': '# GRUB Environment Block\nsaved_entry=1\n' }
    for (const [title, settings, more] of [
      ['the line of now', load, {}],
      ['an empty APPEND', `${load}APPEND=""\n`, {}],
      ['its own line', `${load}APPEND="root=b ro hugepages=2"\n`, {}],
      ['a snippet', load, { '/etc/default/kexec.d/local': 'APPEND="root=c"\n' }],
      ['a file that run-parts leaves out', load, { '/etc/default/kexec.d/a.conf': 'APPEND=c\n' }],
      ["GRUB's entry", viaGrub, {}],
      ["GRUB's entry, whatever is saved", viaGrub, saved],
      ["GRUB's, and a line of its own", `${viaGrub}APPEND="root=b"\n`, {}],
      ['switched off', 'LOAD_KEXEC=false\n', {}],
      ['once by the boot loader', load, { '/no-kexec-reboot': '' }],
    ] as const) {
      const made = await withKexec(t, settings, more)
      await installWords(made.ports, { sequence, replace: false, dryRun: false })
      const { kexec: told } = await pendingWords(made.ports)
      t.equal(squeezed(told?.line), squeezed(await loadedLine(made)), title)
    }
  },
)

t.test(
  "what is installed is what kexec-load boots where it reads GRUB's configuration",
  async (t) => {
    const made = await withKexec(t, `${load}USE_GRUB_CONFIG=true\n`)
    const { next } = await installWords(made.ports, { sequence, replace: false, dryRun: false })
    t.equal((await pendingWords(made.ports)).differs.includes('kexec'), false)
    const line = await loadedLine(made)
    t.equal(squeezed(line), squeezed(next?.line))
    t.equal(line?.endsWith(` ${sequence}`), true, line ?? '')
  },
)

t.test('a default that the script cannot count to leaves the reboot to GRUB', async (t) => {
  const made = await withKexec(t, `${load}USE_GRUB_CONFIG=true\n`)
  const menu = made.text('/boot/grub/grub.cfg').replace(/set default="0"/, 'set default="1>2"')
  writeFileSync(join(made.root, 'boot/grub/grub.cfg'), menu)
  t.equal((await pendingWords(made.ports)).kexec, undefined)
  t.equal(await loadedLine(made), undefined)
})
