import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { RunProgram } from '../../../src/kernel/run-program.ts'
import { textsBelow } from '../../helpers/loader-ports.ts'
import { portsOn, scratch } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'

/** Where the packages are unpacked. */
export const tools = process.env.HUGEPOOL_TEST_LOADERS ?? ''
if (tools === '') throw new Error('run by: npm run test:loaders')

const inside = join(import.meta.dirname, '../inside.sh')

/** The one program that cannot answer here: there is no device of which it could tell. */
const probe = `#!/bin/sh
case " $* " in
*" --target=device "*) echo /dev/sda1 ;;
*" --target=fs "*) echo ext2 ;;
*" --target=abstraction "*) ;;
*" --target=compatibility_hint "*) echo hd0,1 ;;
*) exit 1 ;;
esac
`
writeFileSync(join(tools, 'usr/sbin/grub-probe'), probe)
chmodSync(join(tools, 'usr/sbin/grub-probe'), 0o755)

/** A machine whose programs are run in it, as root of a user namespace. */
export const machine = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = temporary(t)
  scratch(root, files)
  const run: RunProgram = async (words) => {
    const command = ['-rm', 'sh', inside, root, tools, ...words]
    const { status, stdout, stderr } = spawnSync('unshare', command, {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    })
    return { status: status ?? undefined, stdout, stderr }
  }
  /** Lets a program make its files once, as the installation of the system did. */
  const prepare = async (...words: readonly string[]) => {
    const { status, stderr } = await run(words)
    if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
  return {
    root,
    run,
    prepare,
    ports: { ...portsOn(root), note: () => {}, run },
    text: (path: string) => readFileSync(join(root, path), 'utf8'),
    texts: () => textsBelow(root),
  }
}

export const ofTools = (path: string): string => readFileSync(join(tools, path), 'utf8')

export const kernels = ['6.1.0-49-amd64', '6.12.0-amd64']
export const images = Object.fromEntries(
  kernels.flatMap((release) => [
    [`/boot/vmlinuz-${release}`, 'kernel'],
    [`/boot/initrd.img-${release}`, 'initrd'],
  ]),
)

/** A machine with GRUB of Debian, which has made its menu once. */
export const grubMachine = async (
  t: Test,
  settings: string,
  more: Readonly<Record<string, string>> = {},
) => {
  const made = machine(t, {
    ...images,
    '/etc/default/grub': settings,
    '/etc/os-release': 'ID=debian\nNAME=Debian\n',
    '/usr/sbin/grub-mkconfig': ofTools('usr/sbin/grub-mkconfig'),
    '/usr/sbin/update-grub': '',
    '/boot/grub/.keep': '',
    ...more,
  })
  cpSync(join(tools, 'etc/grub.d'), join(made.root, 'etc/grub.d'), { recursive: true })
  await made.prepare('update-grub')
  return made
}
