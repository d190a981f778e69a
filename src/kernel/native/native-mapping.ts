/** A memory policy as set_mempolicy(2) takes it, with a mode of include/uapi/linux/mempolicy.h. */
export interface ThreadPolicy {
  readonly mode: number
  readonly nodes: readonly number[]
}

export interface SegmentRequest {
  /** A multiple of `pageSize`. */
  readonly bytes: number
  /** In bytes, a power of two of at least 4096. */
  readonly pageSize: number
  /** Whether MAP_NORESERVE or SHM_NORESERVE is set, so that the kernel reserves no pages. */
  readonly noreserve: boolean
  /** Whether children of this process have the memory, which `fork` needs. By default none has. */
  readonly forks?: boolean
  /** The policy of the thread that maps; by default that of the calling thread. */
  readonly policy?: ThreadPolicy
}

export interface MapRequest extends SegmentRequest {
  /** A file, memfd or device; by default anonymous huge pages are mapped. */
  readonly descriptor?: number
  /** The offset in the file at which the mapping starts, in bytes: whole pages, by default 0. */
  readonly offset?: number
  readonly shared: boolean
  /** Whether MAP_POPULATE is set. The kernel does not report pages that it could not get. */
  readonly populate: boolean
}

/** How threads visit pages, from the page `from` to the one before `to`. */
export interface TouchRequest {
  readonly from: number
  readonly to: number
  /** The number of threads. Each page is visited once, by one thread. */
  readonly threads: number
  /** The CPUs to which the threads are bound in turn. */
  readonly cpus?: readonly number[]
  /** The policy of each thread; by default that of the calling thread. */
  readonly policy?: ThreadPolicy
  /**
   * `populate` is MADV_POPULATE_WRITE (5.14; see `canPopulate`), which device memory refuses with
   * EINVAL. `store` is an atomic OR with 0, which changes no content.
   */
  readonly way: 'populate' | 'store'
  /** The seconds after which a page that does not come is given up as STUCK. */
  readonly stuckSeconds: number
}

/** How threads write and verify pages. The default is 1 thread and 10 seconds. */
export interface VisitLimits {
  readonly threads: number
  readonly stuckSeconds: number
}

export interface TouchedPages {
  /** The pages visited in this call, including those that were present before. */
  readonly pages: number
  readonly seconds: number
  /**
   * The first page that failed. All pages before it are present, and with several threads perhaps
   * some after it. The errno is `SIGBUS`, or `EFAULT` with `populate`, where the kernel has no
   * page; `EHWPOISON` for a broken page; `STUCK` for a page that never came.
   */
  readonly failure?: { readonly page: number; readonly errno: string }
  /** True where stop() ended the call before all pages were visited. */
  readonly stopped: boolean
  /**
   * The page from which on no page was visited. A failure or a stop leaves threads at different
   * pages.
   */
  readonly reached: number
}

export interface VerifiedPages extends TouchedPages {
  /** The first page whose content differs from what write() put there; `offset` is in bytes. */
  readonly difference?: { readonly page: number; readonly offset: number }
}

/**
 * Memory that is given back by unmap(), with the last reference to it, or at the end of the
 * process. Calls on pages throw EBUSY while another call runs, EFAULT after unmap(), and a
 * TypeError for pages outside of the mapping. Their promises reject where a thread cannot be set up
 * (`pthread_create`, `sched_setaffinity`, `set_mempolicy`); then no page was visited.
 */
export interface Mapping {
  readonly address: bigint
  readonly pages: number
  touch(request: TouchRequest): Promise<TouchedPages>
  /** Returns the number of pages visited by the call that runs, or otherwise by the last one. */
  touched(): number
  /**
   * Ends the call that runs, after the pages that its threads are at, or within 0.2 s where these
   * do not come.
   */
  stop(): void
  /** Fills pages with a pattern derived from their numbers. */
  write(from: number, to: number, limits?: VisitLimits): Promise<TouchedPages>
  /** Reads the pattern back. `pages` counts only pages that hold the whole pattern. */
  verify(from: number, to: number, limits?: VisitLimits): Promise<VerifiedPages>
  /**
   * Returns the node of each page by move_pages(2), or a negative errno: -ENOENT where no page is
   * present.
   */
  nodes(from: number, to: number): readonly number[]
  /** Stops the call that runs, waits for its end, and unmaps. May be called again. */
  unmap(): Promise<void>
}

/** Memory that this process has mapped itself, so that a child has it too. */
export interface ForkingMapping extends Mapping {
  /**
   * Calls fork(2). One thread of the child writes to the pages, from the first to the last, without
   * changing them. The child keeps the copies that it was given until endFork(), unmap() or the end
   * of this process; stop() kills it. A page of a private mapping that cannot be copied is a
   * failure with SIGBUS, and a child that was killed is one with ESRCH. Throws EBUSY where there is
   * a child already, and EINVAL where the mapping was made without `forks`.
   */
  fork(request: TouchRequest): Promise<TouchedPages>
  /** Ends the child and returns when the kernel has taken back what it had. */
  endFork(): void
}

/** Memory into which this process can store data, as `cp` does. Segments have no such call. */
export interface OwnMapping extends ForkingMapping {
  /**
   * Stores data at an offset in bytes, on the calling thread. Throws EFAULT where the kernel has no
   * page for it, and EHWPOISON for a broken page.
   */
  store(offset: number, data: Uint8Array): void
}

/** Errors have the form of those of node:fs; `syscall` names the call that failed. */
export interface MappingCalls {
  map(request: MapRequest): Promise<OwnMapping>
  /** Attaches new SysV shared memory, and marks it for removal before the promise resolves. */
  attachSegment(request: SegmentRequest): Promise<ForkingMapping>
  /** Returns a descriptor of memfd_create(2) with MFD_HUGETLB and close-on-exec. */
  memfd(name: string, pageSize: number): number
  /** Whether the kernel has MADV_POPULATE_WRITE. */
  canPopulate(): boolean
}
