import { assigned, type BootFiles } from './boot-files.ts'
import { isSystemdBoot, loaderInfo, stubInfo } from './efi-variables.ts'
import type { PrintedLoader } from './loader-row.ts'
import { raspiFirmware } from './raspberry-pi.ts'
import { systemdBootTraces } from './systemd-boot.ts'

type Printed = Omit<PrintedLoader, 'kind'>

const printedRow = (row: Printed): PrintedLoader => ({ kind: 'print', ...row })

const osRelease = ['/etc/os-release', '/usr/lib/os-release']
const osOf = ({ texts }: BootFiles): string =>
  assigned(texts.get('/etc/os-release') ?? texts.get('/usr/lib/os-release') ?? '', 'ID') ?? ''

/**
 * Makes the row of a system that is known by the ID of its os-release, and whose administrator
 * describes all of it in one place.
 */
const described = (
  id: string,
  title: string,
  lines: (words: string) => readonly string[],
): PrintedLoader =>
  printedRow({
    name: id,
    title,
    traces: { texts: osRelease },
    isHere: (files) => osOf(files) === id,
    lines,
  })

const quotedList = (words: string, quote = '"'): string =>
  words
    .split(' ')
    .map((word) => quote + word + quote)
    .join(' ')

const containerMarks = ['/run/.containerenv', '/.dockerenv', '/run/systemd/container']

/** Systems in which no boot loader reads what hugepool writes. They come before all others. */
export const describedSystems: readonly PrintedLoader[] = [
  printedRow({
    name: 'container',
    title: 'none: this is a container',
    traces: { marks: containerMarks },
    isHere: ({ marks }) => containerMarks.some((path) => marks.has(path)),
    lines: (words) => [`the command line of the machine that runs this container: ${words}`],
  }),
  described('nixos', 'NixOS', (words) => [
    `in /etc/nixos/configuration.nix: boot.kernelParams = [ ${quotedList(words)} ];`,
    'nixos-rebuild boot',
  ]),
  described('guix', 'Guix', (words) => [
    `in the operating-system of /etc/config.scm: (kernel-arguments (append (list ${quotedList(words)}) %default-kernel-arguments))`,
    'guix system reconfigure /etc/config.scm',
  ]),
  described('flatcar', 'Flatcar', (words) => [
    `in /usr/share/oem/grub.cfg or /oem/grub.cfg: set linux_append="$linux_append ${words}"`,
  ]),
  described('talos', 'Talos', (words) => [
    `in the machine configuration, machine.install.extraKernelArgs: [${quotedList(words).replaceAll('" "', '", "')}]`,
    'talosctl upgrade',
    'releases that sort these words put pages of one size alone where they were asked for',
  ]),
  described('bottlerocket', 'Bottlerocket', (words) => [
    `in settings.boot.kernel-parameters, which keeps one value list a name, for one page size alone: ${words}`,
  ]),
  described('rhcos', 'OpenShift', (words) => [
    `in a MachineConfig: spec.kernelArguments: [${quotedList(words).replaceAll('" "', '", "')}]`,
    'or by spec.hugepages of a PerformanceProfile',
  ]),
]

const grubMenus = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg']
const grubSettings = '/etc/default/grub'

/**
 * Boot loaders whose files a person edits. They come behind those through which hugepool installs
 * words.
 */
export const editedLoaders: readonly PrintedLoader[] = [
  printedRow({
    name: 'grub',
    title: `GRUB (${grubSettings})`,
    traces: { marks: [grubSettings, ...grubMenus], texts: [loaderInfo] },
    isHere: (files) =>
      files.marks.has(grubSettings) &&
      grubMenus.some((path) => files.marks.has(path)) &&
      !(files.texts.has(loaderInfo) && isSystemdBoot(files)),
    lines: (words) => [
      `in ${grubSettings}, behind what is there: GRUB_CMDLINE_LINUX_DEFAULT="... ${words}"`,
      'grub-mkconfig -o /boot/grub/grub.cfg, or grub2-mkconfig -o /boot/grub2/grub.cfg',
    ],
  }),
  printedRow({
    name: 'uki',
    title: 'unified kernel image',
    traces: { marks: [stubInfo] },
    isHere: ({ marks }) => marks.has(stubInfo),
    lines: (words) => [
      `ukify build --cmdline='${words}' --output=hugepool.addon.efi`,
      'put the signed addon into the directory NAME.efi.extra.d beside the image',
    ],
  }),
  printedRow({
    name: 'systemd-boot-entries',
    title: 'systemd-boot with entries written by hand',
    traces: systemdBootTraces,
    isHere: isSystemdBoot,
    lines: (words) => [`at the end of options in each file of loader/entries: ${words}`],
  }),
  printedRow({
    name: 'raspi-firmware',
    title: "Debian's raspi-firmware",
    traces: { marks: [raspiFirmware] },
    isHere: ({ marks }) => marks.has(raspiFirmware),
    lines: (words) => [`in /etc/default/raspi-extra-cmdline: ${words}`, 'update-initramfs -u'],
  }),
  printedRow({
    name: 'u-boot',
    title: 'u-boot-menu without conf.d (/etc/default/u-boot)',
    traces: { programs: ['u-boot-update'] },
    isHere: ({ programs }) => programs.has('u-boot-update'),
    lines: (words) => [
      `in /etc/default/u-boot, behind what is there: U_BOOT_PARAMETERS="... ${words}"`,
      'u-boot-update',
    ],
  }),
  printedRow({
    name: 'zipl',
    title: 'zipl (/etc/zipl.conf)',
    traces: { marks: ['/etc/zipl.conf'] },
    isHere: ({ marks }) => marks.has('/etc/zipl.conf'),
    lines: (words) => [
      `in /etc/zipl.conf, behind what is there: parameters="... ${words}"`,
      'zipl',
    ],
  }),
  printedRow({
    name: 'update-extlinux',
    title: 'extlinux of Alpine (/etc/update-extlinux.conf)',
    traces: { marks: ['/etc/update-extlinux.conf'] },
    isHere: ({ marks }) => marks.has('/etc/update-extlinux.conf'),
    lines: (words) => [
      `in /etc/update-extlinux.conf, behind what is there: default_kernel_opts="... ${words}"`,
      'update-extlinux',
    ],
  }),
]

/**
 * Stands for whatever else starts a machine: a hypervisor that has the kernel itself, a network,
 * something new.
 */
export const unknownLoader = printedRow({
  name: 'unknown',
  title: 'unknown',
  traces: {},
  isHere: () => true,
  lines: (words) => [`at the end of the kernel's command line: ${words}`],
})
