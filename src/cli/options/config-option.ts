// The options here are those of `apply` and `check`; `boot` has --config too.

export const configOption = {
  name: 'config',
  value: 'FILE',
  help: 'read FILE alone; - is standard input',
}
export const applyDryRunOption = {
  name: 'dry-run',
  help: 'print the command lines that do the same, do nothing',
}
export const applyAllOrNothingOption = {
  name: 'all-or-nothing',
  excludes: ['prune'],
  help: 'if anything essential falls short, put everything back and exit 1',
}
export const pruneOption = {
  name: 'prune',
  help: 'unmount what an earlier apply mounted and no file names any more',
}
export const bootOption = {
  name: 'boot',
  excludes: ['dry-run', 'all-or-nothing', 'prune'],
  help: 'as a service does at a start: try for a minute to get what falls short',
}
export const syntaxOption = {
  name: 'syntax',
  help: 'judge the files alone, for any machine',
}
export const verboseOption = {
  name: 'verbose',
  letter: 'v',
  help: 'tell which files were read, and which say nothing here',
}
