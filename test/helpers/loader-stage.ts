import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { directoryTree } from '../../src/kernel/tree.ts'
import type { Ports } from '../../src/operations/ports.ts'
import { caught, type Result } from './caught.ts'
import { loaderPorts, textsBelow } from './loader-ports.ts'
import { grubMenu } from './loader-programs.ts'
import { scratch } from './persist.ts'
import { temporary } from './run.ts'

const program = (name: string) => ({ [`/usr/sbin/${name}`]: '' })

/** systemd-boot tells its name in UTF-16. */
const utf16 = (text: string): string => [...text].map((character) => `${character}\0`).join('')
export const loaderInfoPath =
  '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'
/** An EFI variable as efivarfs shows it: four bytes of attributes, and a text with its end. */
export const efiText = (text: string): string => `\x06\0\0\0${utf16(`${text}\0`)}`
export const systemdBootInfo = { [loaderInfoPath]: efiText('systemd-boot 252.39') }

const entry = (release: string, options: string): string =>
  `title Linux (${release})\nversion ${release}\nlinux /vmlinuz-${release}\noptions ${options}\n`

export const line = 'root=/dev/sda1 ro quiet'
const running = { '/proc/cmdline': `BOOT_IMAGE=/vmlinuz initrd=/initrd ${line}\n` }

/** A machine of each boot loader, with nothing of hugepool, and what is known of it. */
export interface LoaderMachine {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  /** The file in which the words come to stand, where it is one that hugepool writes. */
  readonly file?: string
  /** The files of a machine on which others have put words, and whether they can be taken over. */
  readonly foreign: Readonly<Record<string, string>>
  readonly cannotTakeOver?: true
  /** The programs that an installation runs, in their order. */
  readonly runs: readonly string[]
}

const others = 'hugepagesz=2M hugepages=9'

export const loaderMachines: Readonly<Record<string, LoaderMachine>> = {
  bootc: {
    title: 'bootc (loader-entries of the source hugepool)',
    files: {
      '/run/ostree-booted': '',
      '/kargs': line,
      ...program('bootc'),
      ...program('rpm-ostree'),
    },
    foreign: { '/kargs': `${line} ${others}` },
    cannotTakeOver: true,
    runs: ['bootc'],
  },
  'rpm-ostree': {
    title: 'rpm-ostree (kargs)',
    files: { '/run/ostree-booted': '', '/kargs': line, ...program('rpm-ostree') },
    foreign: { '/kargs': `${line} ${others}` },
    runs: ['rpm-ostree'],
  },
  proxmox: {
    title: 'systemd-boot of Proxmox (/etc/kernel/cmdline)',
    files: {
      '/etc/kernel/proxmox-boot-uuids': 'A1B2\n',
      '/etc/kernel/cmdline': `${line}\n`,
      '/esp/options': line,
      ...systemdBootInfo,
      ...program('proxmox-boot-tool'),
      ...program('kernel-install'),
    },
    file: '/etc/kernel/cmdline',
    foreign: { '/etc/kernel/cmdline': `${others} ${line}\n`, '/esp/options': `${others} ${line}` },
    runs: ['proxmox-boot-tool'],
  },
  sdbootutil: {
    title: 'sdbootutil (/etc/kernel/cmdline.d)',
    files: {
      '/etc/sysconfig/bootloader': 'LOADER_TYPE="grub2-bls"\n',
      '/etc/kernel/cmdline': `${line}\n`,
      '/boot/efi/loader/entries/system-opensuse-6.12.0.conf': entry('6.12.0', line),
      ...program('sdbootutil'),
    },
    file: '/etc/kernel/cmdline.d/50-hugepool.conf',
    foreign: {
      '/etc/kernel/cmdline.d/10-others.conf': `# pages\n${others}\n`,
      '/boot/efi/loader/entries/system-opensuse-6.12.0.conf': entry('6.12.0', `${line} ${others}`),
    },
    cannotTakeOver: true,
    runs: ['sdbootutil'],
  },
  grubby: {
    title: 'grubby (/boot/loader/entries)',
    files: {
      '/boot/loader/entries/abc-5.14.0.conf': entry('5.14.0', line),
      '/boot/loader/entries/abc-5.9.0.conf': entry('5.9.0', line),
      '/boot/loader/entries/abc-0-rescue.conf': entry('99-rescue', line),
      '/proc/sys/kernel/arch': 's390x\n',
      ...program('grubby'),
    },
    foreign: {
      '/boot/loader/entries/abc-5.14.0.conf': entry('5.14.0', `${line} ${others}`),
      '/boot/loader/entries/abc-5.9.0.conf': entry('5.9.0', `${line} ${others}`),
      '/boot/loader/entries/abc-0-rescue.conf': entry('99-rescue', `${line} ${others}`),
    },
    runs: ['grubby', 'zipl'],
  },
  'debian-grub': {
    title: 'GRUB of Debian (/etc/default/grub.d)',
    files: {
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
      '/boot/grub/grub.cfg': grubMenu('root=/dev/sda1 ro  quiet', 'root=/dev/sda1 ro single'),
      '/usr/sbin/grub-mkconfig': 'for x in /etc/default/grub.d/*.cfg ; do\n',
      ...program('update-grub'),
    },
    file: '/etc/default/grub.d/99-hugepool.cfg',
    foreign: {
      '/etc/default/grub': `GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="${others}"\n`,
      '/boot/grub/grub.cfg': grubMenu(
        `root=/dev/sda1 ro ${others} quiet`,
        `root=/dev/sda1 ro single ${others}`,
      ),
    },
    runs: ['update-grub'],
  },
  'systemd-boot': {
    title: 'systemd-boot with kernel-install (/etc/kernel/cmdline)',
    files: {
      '/etc/machine-id': 'abc\n',
      '/boot/vmlinuz-6.12.0': '',
      '/efi/loader/entries/abc-6.12.0.conf': `title Debian\nversion 6.12.0\nmachine-id abc\noptions ${line}\nlinux /abc/linux\n`,
      ...systemdBootInfo,
      ...running,
      ...program('kernel-install'),
    },
    file: '/etc/kernel/cmdline',
    foreign: {
      '/etc/kernel/cmdline': `${line} ${others}\n`,
      '/efi/loader/entries/abc-6.12.0.conf': `title Debian\nversion 6.12.0\nmachine-id abc\noptions ${line} ${others}\nlinux /abc/linux\n`,
    },
    runs: ['kernel-install'],
  },
  'u-boot-menu': {
    title: 'u-boot-menu (/etc/u-boot-menu/conf.d)',
    files: {
      '/usr/sbin/u-boot-update': 'for file in /etc/u-boot-menu/conf.d/*.conf\n',
      '/boot/extlinux/extlinux.conf':
        'default l0\nlabel l0\n\tmenu label Debian 6.12\n\tlinux /boot/vmlinuz-6.12.0-arm64\n\tappend root=/dev/sda1 ro quiet\n',
    },
    file: '/etc/u-boot-menu/conf.d/90-hugepool.conf',
    foreign: {
      '/etc/default/u-boot': `U_BOOT_PARAMETERS="ro ${others} quiet"\n`,
      '/boot/extlinux/extlinux.conf': `default l0\nlabel l0\n\tmenu label Debian 6.12\n\tlinux /boot/vmlinuz-6.12.0-arm64\n\tappend root=/dev/sda1 ro ${others} quiet\n`,
    },
    runs: ['u-boot-update'],
  },
  'raspberry-pi': {
    title: 'firmware of a Raspberry Pi (cmdline.txt)',
    files: {
      '/boot/firmware/config.txt': '',
      '/boot/firmware/cmdline.txt': `console=tty1 ${line}`,
    },
    file: '/boot/firmware/cmdline.txt',
    foreign: { '/boot/firmware/cmdline.txt': `${others} console=tty1 ${line}` },
    runs: [],
  },
}

/** A machine below a root, and what can be done with it. */
interface LoaderStage {
  readonly root: string
  readonly ran: readonly string[]
  readonly ports: Ports
  readonly texts: () => Readonly<Record<string, string>>
  readonly text: (path: string) => string | undefined
  readonly copy: () => LoaderStage
  /** Runs a command line on it. */
  readonly hugepool: (...words: readonly string[]) => Promise<Result>
}

/** A machine that is below a root already. */
const stageAt = (t: Test, root: string): LoaderStage => {
  const ran: string[] = []
  return {
    root,
    ran,
    ports: loaderPorts(root, ran),
    texts: () => textsBelow(root),
    text: (path: string): string | undefined =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), 'latin1') : undefined,
    hugepool: (...words) =>
      caught(words, { outIsTerminal: false, errIsTerminal: false, environment: {} }, {
        tree: directoryTree(root),
        run: loaderPorts(root, ran).run,
      } as Parameters<typeof caught>[2]),
    copy: () => {
      const copy = temporary(t)
      cpSync(root, copy, { recursive: true })
      return stageAt(t, copy)
    },
  }
}

/** A machine below a scratch root. */
export const loaderStage = (t: Test, files: Readonly<Record<string, string>>) => {
  const root = temporary(t)
  scratch(root, files)
  return stageAt(t, root)
}
