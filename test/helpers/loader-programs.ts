import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProgramAnswer } from '../../src/kernel/run-program.ts'
import { shellAnswer } from './shell-answer.ts'

/*
 * Stand-ins for the programs of boot loaders, which do what their sources and manuals say to the files
 * of a machine below a root.
 */

const ok: ProgramAnswer = { status: 0, stdout: '', stderr: '' }

/** What a stand-in does with its words on a machine. */
export type StandIn = (root: string, words: readonly string[]) => ProgramAnswer

const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8')

export const write = (root: string, path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A grub.cfg such as grub-mkconfig of Debian makes, with a submenu and a recovery mode. */
export const grubMenu = (usual: string, recovery: string): string => {
  const linux = (words: string): string => `\tlinux\t/boot/vmlinuz-6.12.0-amd64 ${words}\n}\n`
  return `set default="0"
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-x' {
${linux(usual)}submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced-x' {
menuentry 'Debian, with Linux 6.12.0-amd64 (recovery mode)' $menuentry_id_option 'recovery-x' {
${linux(recovery)}}
`
}

const updateGrub: StandIn = (root) => {
  const [usual = '', recovery = ''] = shellAnswer(
    root,
    `GRUB_CMDLINE_LINUX= GRUB_CMDLINE_LINUX_DEFAULT=
. "$ROOT/etc/default/grub"
for x in "$ROOT"/etc/default/grub.d/*.cfg; do [ ! -e "$x" ] || . "$x"; done
echo "root=/dev/sda1 ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"
echo "root=/dev/sda1 ro single $GRUB_CMDLINE_LINUX"`,
    ['/etc/default/grub', '/etc/default/grub.d'],
  ).split('\n')
  write(root, '/boot/grub/grub.cfg', grubMenu(usual.trim(), recovery.trim()))
  return ok
}

const uBootUpdate: StandIn = (root) => {
  const [line = ''] = shellAnswer(
    root,
    `[ ! -e "$ROOT/etc/default/u-boot" ] || . "$ROOT/etc/default/u-boot"
for x in "$ROOT"/etc/u-boot-menu/conf.d/*.conf; do [ ! -e "$x" ] || . "$x"; done
echo "root=/dev/sda1 \${U_BOOT_PARAMETERS:-ro quiet}"`,
    ['/etc/default/u-boot', '/etc/u-boot-menu/conf.d'],
  ).split('\n')
  write(
    root,
    '/boot/extlinux/extlinux.conf',
    `default l0\nlabel l0\n\tmenu label Debian 6.12\n\tlinux /boot/vmlinuz-6.12.0-arm64\n\tappend ${line}\n`,
  )
  return ok
}

const optionsOf = (text: string): string => /^options (.*)$/m.exec(text)?.[1] ?? ''

const rewriteEntries = (
  root: string,
  folder: string,
  change: (options: string) => string,
): void => {
  for (const name of readdirSync(join(root, folder))) {
    const text = read(root, `${folder}/${name}`)
    write(
      root,
      `${folder}/${name}`,
      text.replace(/^options .*$/m, `options ${change(optionsOf(text))}`),
    )
  }
}

const namesOf = (words: string): readonly string[] =>
  words.split(' ').map((word) => word.replace(/=.*/, ''))

/** What comes behind `--NAME=` among words; empty without it. */
const option = (words: readonly string[], name: string): string =>
  words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''

/** update_args of grubby 8.40-69: names go, and then what is added has no other of its names. */
const grubby: StandIn = (root, words) => {
  const added = option(words, 'args')
  const names = [...namesOf(option(words, 'remove-args')), ...namesOf(added)]
  rewriteEntries(root, '/boot/loader/entries', (options) =>
    [...options.split(' ').filter((word) => !names.includes(word.replace(/=.*/, ''))), added]
      .filter((word) => word !== '')
      .join(' '),
  )
  return ok
}

const kargs = '/kargs'

/** Deletions by name and value, each the first that is the same, and then additions. */
const rpmOstree: StandIn = (root, words) => {
  if (words.length === 2) return { ...ok, stdout: `${read(root, kargs)}\n` }
  const left = read(root, kargs).split(' ')
  for (const word of words.filter((each) => each.startsWith('--delete='))) {
    const at = left.indexOf(word.slice('--delete='.length))
    if (at < 0) return { ...ok, status: 1, stderr: `error: No karg '${word.slice(9)}' found` }
    left.splice(at, 1)
  }
  const added = words.filter((each) => each.startsWith('--append=')).map((each) => each.slice(9))
  write(root, kargs, [...left, ...added].join(' '))
  return ok
}

/** Words of a source replace those of the same source, wherever it put them. */
const bootc: StandIn = (root, words) => {
  if (words.includes('--help')) return ok
  const at = words.indexOf('--options')
  const options = at < 0 ? '' : (words[at + 1] ?? '')
  const state = '/bootc-source'
  const before = existsSync(join(root, state)) ? read(root, state) : ''
  write(root, state, options)
  const rest = ` ${read(root, kargs)} `.replace(` ${before} `, ' ').trim()
  write(root, kargs, options === '' ? rest : `${rest} ${options}`)
  return ok
}

const proxmox: StandIn = (root) => {
  write(root, '/esp/options', read(root, '/etc/kernel/cmdline').split('\n')[0] ?? '')
  return ok
}

const sdbootutil: StandIn = (root) => {
  const folder = join(root, '/etc/kernel/cmdline.d')
  const names = existsSync(folder) ? readdirSync(folder).sort() : []
  const texts = ['cmdline', ...names.map((name) => `cmdline.d/${name}`)]
    .map((name) => read(root, `/etc/kernel/${name}`).replace(/#.*$/gm, ''))
    .join(' ')
  const line = texts.trim().replace(/\s+/g, ' ')
  rewriteEntries(root, '/boot/efi/loader/entries', () => line)
  return ok
}

/** 90-loaderentry.install: the file, or the line of now without what the loader adds. */
const kernelInstall: StandIn = (root, words) => {
  const [, , release = ''] = words
  const file = join(root, '/etc/kernel/cmdline')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : read(root, '/proc/cmdline')
  const line = text.split(/\s+/).filter((word) => !/^(?:BOOT_IMAGE|initrd)=/.test(word))
  write(
    root,
    `/efi/loader/entries/abc-${release}.conf`,
    `title Debian\nversion ${release}\nmachine-id abc\noptions ${line.join(' ').trim()}\nlinux /abc/linux\n`,
  )
  return ok
}

export const standIns: Readonly<Record<string, StandIn>> = {
  'update-grub': updateGrub,
  'u-boot-update': uBootUpdate,
  'rpm-ostree': rpmOstree,
  'proxmox-boot-tool': proxmox,
  'kernel-install': kernelInstall,
  zipl: () => ok,
  grubby,
  bootc,
  sdbootutil,
}
