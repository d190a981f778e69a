// The options here are those that `doctor` does not share with `test`.

export const forProcessesOption = {
  name: 'processes',
  value: 'N',
  help: 'N processes map the same pages',
}
export const forUserOption = {
  name: 'user',
  value: 'USER',
  help: 'ask as this user of /etc/passwd, with its groups',
}
export const forGroupOption = {
  name: 'group',
  value: 'GROUP',
  help: 'ask with this group of /etc/group',
}
export const forPidOption = {
  name: 'pid',
  value: 'PID',
  excludes: ['cgroup', 'unit'],
  help: 'ask in the place of this process: its user, limits, cgroup and mounts',
}
export const forCgroupOption = {
  name: 'cgroup',
  value: 'PATH',
  excludes: ['unit'],
  help: 'ask as in this cgroup',
}
export const forUnitOption = {
  name: 'unit',
  value: 'NAME',
  help: 'ask as this unit of systemd, whether it runs or not',
}
export const forForkOption = {
  name: 'fork',
  help: 'count the copies of a child that writes to all of it after fork',
}
export const waitOption = {
  name: 'wait',
  value: 'DURATION',
  help: 'look again until the answer is yes, for at most 500ms, 30s, 5m or 2h',
}
export const tryOption = {
  name: 'try',
  help: 'map and touch the pages afterwards, as test does',
}
