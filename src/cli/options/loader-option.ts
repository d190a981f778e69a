// The options here are those of `boot` that concern the boot loader.

/** The options of columns: what is shown of a boot loader has a table with columns of its own. */
const tableOptions = ['output', 'output-all']

export const installOption = {
  name: 'install',
  excludes: tableOptions,
  help: 'install the words, or those of --line, through the boot loader',
}
export const removeOption = {
  name: 'remove',
  excludes: tableOptions,
  help: 'remove what was installed, and give back what was replaced',
}
export const pendingOption = {
  name: 'pending',
  excludes: tableOptions,
  help: 'compare what is configured, the next boot and this one; 5 where they differ',
}
export const replaceOption = {
  name: 'replace',
  help: 'with --install and --remove: also where others wrote words or changed the file',
}
export const loaderDryRunOption = {
  name: 'dry-run',
  help: 'with --install and --remove: print every byte and command, do nothing',
}
