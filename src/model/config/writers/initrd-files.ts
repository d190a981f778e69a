/**
 * Such words put a file of the machine into the initrd: dracut.conf(5), and hooks of
 * initramfs-tools(7).
 */
const taking = /\binstall(?:_optional)?_items\+?=|\b(?:copy_file|copy_exec|cp|install)\s/

/** An absolute path. One with a variable before it lies in the directory of the image. */
const paths = /(?<![\w$}./*-])\/[^\s"';:&|<>()$]+/g

/**
 * Finds the paths, which may be patterns, of the files that a configuration or a hook puts into the
 * initrd.
 */
export const pathsOfInitrd = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((each) => !/^\s*#/.test(each) && taking.test(each))
    .flatMap((each) => [...each.matchAll(paths)].map(([path]) => path))

/** Tells whether a file is one of sysctl.d(5), which the initrd may apply too. */
export const isSysctlFile = (path: string): boolean =>
  /\/sysctl\.d\/[^/]+\.conf$|^\/etc\/sysctl\.conf$/.test(path)
