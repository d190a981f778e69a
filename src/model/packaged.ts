/** The files that come with the program, in a directory beside it or inside it. */
export interface Packaged {
  /** The path of a file, by its path within the package, where the program is not one file. */
  readonly fileOf: (name: string) => string
  /** Returns the text of a file. Throws an error with a code where there is none. */
  readonly read: (name: string) => string
}
