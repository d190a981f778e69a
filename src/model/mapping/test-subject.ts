/** The user and groups as which a test is made, by number. */
export interface TestIdentity {
  /** The option that asks for it, for a message. */
  readonly option: string
  readonly user: number
  readonly group: number
  /** The supplementary groups. */
  readonly groups: readonly number[]
}

/** As whom and in which cgroups a test is made, in place of `user`, `group` and `cgroup`. */
export interface TestSubject {
  /** Absent where the test is made as the caller. */
  readonly identity?: TestIdentity
  /** The directories of cgroups, one of each hierarchy. */
  readonly cgroups: readonly string[]
}
