/** Whom a test is made as, by the numbers of a process. */
export interface TestIdentity {
  /** The option that asks for it, for a message. */
  readonly option: string
  readonly user: number
  readonly group: number
  /** The supplementary groups. */
  readonly groups: readonly number[]
}

/** Whom a test is made as and in which cgroups, in place of what the options `user`, `group` and `cgroup` say. */
export interface TestSubject {
  /** Absent where the test is made as the caller. */
  readonly identity?: TestIdentity
  /** The directories of cgroups, one of each hierarchy. */
  readonly cgroups: readonly string[]
}
