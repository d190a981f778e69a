export const cleanOption = {
  name: 'clean',
  help: 'remove the files that nobody has',
  column: 'REMOVED',
}
export const segmentsOption = {
  name: 'segments',
  help: 'SysV segments of huge pages in place of files',
}
export const yesOption = {
  name: 'yes',
  letter: 'y',
  help: 'with --clean: ask no question',
}
export const olderOption = {
  name: 'older',
  value: 'DURATION',
  help: 'with --clean: only those unused for so long; 1m otherwise',
}
export const keepOption = {
  name: 'keep',
  value: 'NAME,NAME',
  help: 'with --clean: these stay; a path, a directory, a name with *',
}
export const removalsOption = {
  name: 'dry-run',
  help: 'with --clean: print the lines that do it, change nothing',
}
