import { octets } from '../../etc/octets.ts'

/** The first line by which hugepool knows a unit that its own package has installed. */
export const packagedMark =
  "# Installed with hugepool by its package; 'systemctl enable' has it start with the machine."

/** A unit that a package has installed. */
export interface PackagedUnit {
  readonly path: string
  /** Its octets. */
  readonly text: string
}

/** Returns what hugepool would write as its package has it: only the line differs that says whose it is. */
export const packagedText = (text: string): string => text.replace(/^#.*/, packagedMark)

/** Whether the package of hugepool has installed a unit. */
export const isPackagedText = (text: string): boolean => text.startsWith(`${packagedMark}\n`)

/** Whether the package of hugepool has a unit that does what hugepool would have another one do. */
export const doesTheSame = (packaged: PackagedUnit | undefined, text: string): boolean =>
  packaged?.text === octets(packagedText(text))
