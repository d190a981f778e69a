import { persistKinds } from '../../model/mounts/persist/persist-facts.ts'

// The options of `mount` have the names that the kernel and mount(8) use.

export const pageSizeOption = {
  name: 'pagesize',
  value: 'SIZE',
  help: 'the pages of its files; the default size otherwise',
}
export const sizeOption = {
  name: 'size',
  value: 'AMOUNT|N%',
  help: 'what its files may take at most',
}
export const minSizeOption = {
  name: 'min-size',
  value: 'AMOUNT|N%',
  help: 'what is reserved for its files from the beginning',
}
export const nrInodesOption = {
  name: 'nr-inodes',
  value: 'N',
  help: 'how many files and directories there may be, its root included',
}
export const uidOption = {
  name: 'uid',
  value: 'USER',
  help: 'owner of its root, by name or number',
}
export const gidOption = {
  name: 'gid',
  value: 'GROUP',
  help: 'group of its root, by name or number',
}
export const modeOption = {
  name: 'mode',
  value: 'MODE',
  help: 'mode of its root, octal; 0755 otherwise',
}
export const mountFlagsOption = {
  name: 'options',
  value: 'FLAG,FLAG',
  help: 'ro, noexec, suid, dev and their opposites; nosuid,nodev otherwise; size=4G too',
}
export const typesOption = {
  name: 'types',
  letter: 't',
  value: 'TYPE',
  choices: ['hugetlbfs'],
  help: 'hugetlbfs, as for mount(8); a source such as none may then stand before DIR',
}
export const mkdirOption = { name: 'mkdir', help: 'make DIR, and what is missing above it' }
export const remountOption = {
  name: 'remount',
  help: 'change the flags of the mount that is there',
}
export const overOption = { name: 'over', help: 'mount over what is there, which hides it' }
export const persistOption = {
  name: 'persist',
  value: 'KIND',
  choices: persistKinds,
  help: 'mount it at every start too: by fstab, systemd, or config, which is hugepool',
}
export const commandsOption = {
  name: 'dry-run',
  help: 'print the command lines that do the same, do nothing',
}
