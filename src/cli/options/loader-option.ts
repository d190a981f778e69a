// The options of `boot` that concern the boot loader are in this file.

export const installOption = {
  name: 'install',
  help: 'install the words, of --line or written, through the boot loader that is found',
}
export const removeOption = {
  name: 'remove',
  help: 'remove what was installed, and give back what was replaced',
}
export const pendingOption = {
  name: 'pending',
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
