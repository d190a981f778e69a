/** The files that come with the program, in a directory beside it or inside it. */
export interface Packaged {
  /** Returns the path of a file; `name` is its path within the package. */
  readonly fileOf: (name: string) => string
  /** Returns the text of a file. Throws an error with a code where there is none. */
  readonly read: (name: string) => string
}
