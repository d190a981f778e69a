import t from 'tap'
import { loaderInfo, stubInfo } from '../../../../src/model/boot/loaders/efi-variables.ts'
import {
  describedSystems,
  editedLoaders,
  unknownLoader,
} from '../../../../src/model/boot/loaders/printed-loaders.ts'
import { bootFiles } from '../../../helpers/boot-files.ts'
import { systemdBootInfo } from '../../../helpers/loader-stage.ts'

const words = 'hugepagesz=1G hugepages=2'
const rows = [...describedSystems, ...editedLoaders, unknownLoader]
const grub = { '/etc/default/grub': '', '/boot/grub2/grub.cfg': '' }

t.test('what is typed where hugepool does not do it', async (t) => {
  t.strictSame(
    Object.fromEntries(rows.map(({ name, title, lines }) => [name, [title, ...lines(words)]])),
    {
      container: [
        'none: this is a container',
        `the command line of the machine that runs this container: ${words}`,
      ],
      nixos: [
        'NixOS',
        'in /etc/nixos/configuration.nix: boot.kernelParams = [ "hugepagesz=1G" "hugepages=2" ];',
        'nixos-rebuild boot',
      ],
      guix: [
        'Guix',
        'in the operating-system of /etc/config.scm: (kernel-arguments (append (list "hugepagesz=1G" "hugepages=2") %default-kernel-arguments))',
        'guix system reconfigure /etc/config.scm',
      ],
      flatcar: [
        'Flatcar',
        `in /usr/share/oem/grub.cfg or /oem/grub.cfg: set linux_append="$linux_append ${words}"`,
      ],
      talos: [
        'Talos',
        'in the machine configuration, machine.install.extraKernelArgs: ["hugepagesz=1G", "hugepages=2"]',
        'talosctl upgrade',
        'releases that sort these words put pages of one size alone where they were asked for',
      ],
      bottlerocket: [
        'Bottlerocket',
        `in settings.boot.kernel-parameters, which keeps one value list a name, for one page size alone: ${words}`,
      ],
      rhcos: [
        'OpenShift',
        'in a MachineConfig: spec.kernelArguments: ["hugepagesz=1G", "hugepages=2"]',
        'or by spec.hugepages of a PerformanceProfile',
      ],
      grub: [
        'GRUB (/etc/default/grub)',
        `in /etc/default/grub, behind what is there: GRUB_CMDLINE_LINUX_DEFAULT="... ${words}"`,
        'grub-mkconfig -o /boot/grub/grub.cfg, or grub2-mkconfig -o /boot/grub2/grub.cfg',
      ],
      uki: [
        'unified kernel image',
        `ukify build --cmdline='${words}' --output=hugepool.addon.efi`,
        'put the signed addon into the directory NAME.efi.extra.d beside the image',
      ],
      'systemd-boot-entries': [
        'systemd-boot with entries written by hand',
        `at the end of options in each file of loader/entries: ${words}`,
      ],
      'raspi-firmware': [
        "Debian's raspi-firmware",
        `in /etc/default/raspi-extra-cmdline: ${words}`,
        'update-initramfs -u',
      ],
      'u-boot': [
        'u-boot-menu without conf.d (/etc/default/u-boot)',
        `in /etc/default/u-boot, behind what is there: U_BOOT_PARAMETERS="... ${words}"`,
        'u-boot-update',
      ],
      zipl: [
        'zipl (/etc/zipl.conf)',
        `in /etc/zipl.conf, behind what is there: parameters="... ${words}"`,
        'zipl',
      ],
      'update-extlinux': [
        'extlinux of Alpine (/etc/update-extlinux.conf)',
        `in /etc/update-extlinux.conf, behind what is there: default_kernel_opts="... ${words}"`,
        'update-extlinux',
      ],
      unknown: ['unknown', `at the end of the kernel's command line: ${words}`],
    },
  )
})

const os = (id: string) => ({ '/usr/lib/os-release': `NAME=x\nID=${id}\n` })

t.test('what each is known by', async (t) => {
  const found = (
    texts: Readonly<Record<string, string>>,
    programs: readonly string[] = [],
  ): string | undefined => rows.find(({ isHere }) => isHere(bootFiles(texts, { programs })))?.name
  for (const path of ['/run/.containerenv', '/.dockerenv', '/run/systemd/container'])
    t.equal(found({ [path]: '' }), 'container')
  for (const id of ['nixos', 'guix', 'flatcar', 'talos', 'bottlerocket', 'rhcos'])
    t.equal(found(os(id)), id)
  t.equal(found({ ...os('nixos'), '/etc/os-release': 'ID="debian"\n' }), 'unknown')
  t.equal(found(grub), 'grub')
  t.equal(found({ '/etc/default/grub': '' }), 'unknown')
  t.equal(found({ '/boot/grub/grub.cfg': '' }), 'unknown')
  t.equal(found({ ...grub, ...systemdBootInfo }), 'systemd-boot-entries')
  t.equal(found({ ...grub, [loaderInfo]: 'GRUB' }), 'grub')
  t.equal(found({ [stubInfo]: '' }), 'uki')
  t.equal(found({ '/etc/default/raspi-firmware': '' }), 'raspi-firmware')
  t.equal(found({}, ['u-boot-update']), 'u-boot')
  t.equal(found({ '/etc/zipl.conf': '' }), 'zipl')
  t.equal(found({ '/etc/update-extlinux.conf': '' }), 'update-extlinux')
  t.equal(found({}), 'unknown')
})
