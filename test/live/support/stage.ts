import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from './trace.ts'

/** Copies of files that a command changes, and a mount namespace of its own that has them. */
export interface Stage {
  /** What starts the command there. */
  readonly under: readonly string[]
  /** Every file of the copies with its mode, owner and content, and whether the mounts changed. */
  readonly seen: () => readonly string[]
}

const described = (path: string): string => {
  const { mode, uid, gid } = lstatSync(path)
  const isFile = (mode & 0o170000) === 0o100000
  return [path, mode.toString(8), uid, gid, isFile ? readFileSync(path, 'latin1') : ''].join(' ')
}

const below = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => described(join(directory, name)))

/** Runs a line, and leaves a file behind with what is mounted of hugetlbfs where that changed. */
const watched = `
look() { grep ' hugetlbfs ' /proc/self/mountinfo || :; }
before=$(look)
status=0
"$@" || status=$?
[ "$(look)" = "$before" ] || look > "$copies/mounts-changed"
exit $status
`

const stageOf = (copies: string, script: string): Stage => {
  const lines = ['set -eu', `copies='${copies}'`, 'mount --make-rprivate /', script, watched]
  return {
    under: ['unshare', '-m', 'sh', '-c', lines.join('\n'), 'sh'],
    seen: () => below(copies),
  }
}

const newCopies = (): string => {
  const copies = temporaryDirectory()
  chmodSync(copies, 0o755)
  return copies
}

const copyEtc = (copies: string): void =>
  cpSync('/etc', `${copies}/etc`, { recursive: true, verbatimSymlinks: true })

const bindEtc = 'mount --bind "$copies/etc" /etc'

/** Has the program write to a copy of /etc. A script of sh makes it ready; files are put into it. */
export const ownEtc = (script = '', files: Readonly<Record<string, string>> = {}): Stage => {
  const copies = newCopies()
  copyEtc(copies)
  for (const [name, text] of Object.entries(files)) writeFileSync(`${copies}/etc/${name}`, text)
  return stageOf(copies, `${bindEtc}\n${script}`)
}

export const withOwnEtc = (): Stage => ownEtc()

const makeRun = (copies: string): void => {
  mkdirSync(`${copies}/run/lock`, { recursive: true })
  writeFileSync(`${copies}/run/lock/hugepool.lock`, '', { mode: 0o600 })
}

const bindRun = 'mount --bind "$copies/run" /run'

/** Has the program write to an empty /run. */
export const withOwnRun = (): Stage => {
  const copies = newCopies()
  makeRun(copies)
  return stageOf(copies, bindRun)
}

/** Answers root alone, as systemd does where no bus tells it of capabilities; test/boot/privileges.ts shows that. */
const systemctl = `#!/bin/sh
[ "$(id -u)" = 0 ] || { echo 'Failed to connect to bus' >&2; exit 1; }
`

/**
 * Where systemd runs, as it seems: with a stand-in for its program where that is there, and units of these
 * names. A script of sh makes it ready.
 */
export const systemdStage = (script = '', units: Readonly<Record<string, string>> = {}): Stage => {
  const copies = newCopies()
  copyEtc(copies)
  makeRun(copies)
  for (const directory of ['etc', 'run'])
    mkdirSync(`${copies}/${directory}/systemd/system`, { recursive: true })
  for (const [name, text] of Object.entries(units))
    writeFileSync(`${copies}/etc/systemd/system/${name}`, text)
  writeFileSync(`${copies}/systemctl`, systemctl, { mode: 0o755 })
  const program = '/usr/bin/systemctl'
  const bindProgram = `[ ! -e ${program} ] || mount --bind "$copies/systemctl" ${program}`
  // mount(8) keeps notes in /run.
  return stageOf(copies, [bindEtc, bindProgram, script, bindRun].join('\n'))
}

const places = ['boot', 'etc', 'usr/sbin', 'var/lib']

/**
 * Another root directory, for what at the top of this one tells of a container. It has all that is
 * there but the files, and in these places what is given alone.
 */
const inOtherRoot = `
for each in /*; do
  if [ -L "$each" ]; then cp -P "$each" "$copies/root"
  elif [ -d "$each" ]; then mkdir "$copies/root$each" && mount --rbind "$each" "$copies/root$each"
  fi
done
for place in ${places.join(' ')}; do
  mkdir -p "$copies/root/$place"
  mount --bind "$copies/copy/$place" "$copies/root/$place"
done
set -- chroot "$copies/root" "$@"
`

/** A machine of a boot loader, whose programs are executable. */
const loaderStage = (files: Readonly<Record<string, string>>): Stage => {
  const copies = newCopies()
  mkdirSync(`${copies}/root`)
  for (const place of places) mkdirSync(`${copies}/copy/${place}`, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(`${copies}/copy${path}`), { recursive: true })
    writeFileSync(`${copies}/copy${path}`, text, { mode: path.startsWith('/usr') ? 0o755 : 0o644 })
  }
  const mounting = 'mount -t tmpfs -o mode=755 none "$copies/root"'
  return stageOf(copies, `${mounting}\n${inOtherRoot}`)
}

/** One that reads a file itself. */
export const firmwareStage = (): Stage =>
  loaderStage({
    '/boot/firmware/config.txt': '',
    '/boot/firmware/cmdline.txt': 'console=tty1 root=/dev/sda1 ro\n',
  })

/** Prints the menu of a line in sh. */
const grubMenu = (words: string): string =>
  `menuentry 'Debian' {\n\tlinux\t/boot/vmlinuz root=/dev/sda1 ro ${words}\n}\n`

/** Asks for root, as grub-mkconfig of Debian does. */
const updateGrub = `#!/bin/sh
[ "$(id -u)" = 0 ] || { echo 'run it as root' >&2; exit 1; }
. /etc/default/grub
for x in /etc/default/grub.d/*.cfg; do [ ! -e "$x" ] || . "$x"; done
cat > /boot/grub/grub.cfg << .
${grubMenu('$GRUB_CMDLINE_LINUX_DEFAULT')}.
`

/** GRUB as Debian has it, with a stand-in for the program that makes its menu. */
export const grubStage = (): Stage =>
  loaderStage({
    '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT=quiet\n',
    '/boot/grub/grub.cfg': grubMenu('quiet'),
    '/usr/sbin/grub-mkconfig': 'for x in /etc/default/grub.d/*.cfg ; do\n',
    '/usr/sbin/update-grub': updateGrub,
  })
