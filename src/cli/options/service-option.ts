export const overwriteOption = {
  name: 'force',
  help: 'replace a service that hugepool did not write',
}
export const requiresOption = {
  name: 'requires',
  help: 'print Requires= for a consumer, so that a shortage keeps it from starting',
}
export const textfileOption = {
  name: 'textfile',
  value: 'FILE.prom',
  help: 'the file that the timer of metrics writes; that of Debian otherwise',
}
export const timerHoldersOption = {
  name: 'holders',
  help: 'have the timer of metrics write who holds pages too, for which it may look into processes',
}
export const serviceDryRunOption = {
  name: 'dry-run',
  help: 'print the command lines that do the same, do nothing',
}
