export const allMountsOption = {
  name: 'all',
  letter: 'a',
  help: 'with the mounts that others see to: systemd, QEMU, containers',
}
