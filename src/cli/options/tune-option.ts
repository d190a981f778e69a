// The options here are those of `tune` that no other command has.

export const tunePersistOption = {
  name: 'persist',
  value: 'WHEN',
  bare: 'now',
  choices: ['now', 'only'],
  help: 'keep it for later starts too, in sysctl.d or tmpfiles.d; =only changes nothing now',
}
export const tuneUnpersistOption = {
  name: 'unpersist',
  excludes: ['persist'],
  help: 'take KEY out of what --persist wrote; what it is now stays',
}
