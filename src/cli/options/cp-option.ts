export const forceOption = {
  name: 'force',
  letter: 'f',
  help: 'replace a file that is there, at once and only by a whole copy',
}
export const preserveOption = {
  name: 'preserve',
  letter: 'p',
  help: 'keep the mode and the times of FILE',
}
export const copyNodeOption = {
  name: 'node',
  value: 'NODES',
  help: 'have all pages on these nodes: 0-3,5 or all',
}
export const verifyCopyOption = {
  name: 'verify',
  help: 'read the copy back and compare it before it gets its name',
}
export const copyDryRunOption = {
  name: 'dry-run',
  help: 'check all that can be known, copy nothing',
}
