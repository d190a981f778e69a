/** A memory policy as set_mempolicy(2) takes it: a mode of include/uapi/linux/mempolicy.h. */
export interface ThreadPolicy {
  readonly mode: number
  readonly nodes: readonly number[]
}

export interface SegmentRequest {
  /** Whole pages. */
  readonly bytes: number
  /** Bytes: a power of two from 4096 on. */
  readonly pageSize: number
  /** MAP_NORESERVE or SHM_NORESERVE: pages are not promised beforehand. */
  readonly noreserve: boolean
  /** Of the thread that maps; without one, that of the calling thread. */
  readonly policy?: ThreadPolicy
}

export interface MapRequest extends SegmentRequest {
  /** A file, memfd or device, mapped from its start; without one, anonymous HugeTLB pages. */
  readonly descriptor?: number
  readonly shared: boolean
  /** MAP_POPULATE. The kernel tells nothing of pages that it could not get. */
  readonly populate: boolean
}

/** How threads visit pages; `from` and `to` are pages, half open. */
export interface TouchRequest {
  readonly from: number
  readonly to: number
  /** Each page is visited once, by one of them. */
  readonly threads: number
  /** The threads are bound to these in turn. */
  readonly cpus?: readonly number[]
  /** Of each thread; without one, that of the calling thread. */
  readonly policy?: ThreadPolicy
  /**
   * `populate` is MADV_POPULATE_WRITE (5.14; `canPopulate` tells), which device memory refuses
   * with EINVAL; `store` is an atomic or with nothing, which changes no content.
   */
  readonly way: 'populate' | 'store'
  /** A page that does not come for so long is given up as STUCK. */
  readonly stuckSeconds: number
}

/** 1 thread and 10 seconds unless told. */
export interface VisitLimits {
  readonly threads: number
  readonly stuckSeconds: number
}

export interface TouchedPages {
  /** Visited in this call; one that was there before counts as well. */
  readonly pages: number
  readonly seconds: number
  /**
   * The first page that failed. The pages before it are all there, and with several threads perhaps
   * some behind it. `SIGBUS` or, by populate, `EFAULT` where the kernel has no page; `EHWPOISON`
   * for a broken one; `STUCK` for one that never came.
   */
  readonly failure?: { readonly page: number; readonly errno: string }
  /** By stop() before all was done. */
  readonly stopped: boolean
  /** No page from this one on was visited: a failure or a stop leaves threads at different places. */
  readonly reached: number
}

export interface VerifiedPages extends TouchedPages {
  /** The first page with other content than write() put there; `offset` is in bytes. */
  readonly difference?: { readonly page: number; readonly offset: number }
}

/**
 * Memory that is given back by unmap(), with the last reference to it, or with the process. Calls
 * on pages throw EBUSY while another one runs, EFAULT after unmap(), a TypeError for pages that the
 * mapping does not have. Their promises reject where a thread cannot be set up (`pthread_create`,
 * `sched_setaffinity`, `set_mempolicy`); then no page was visited.
 */
export interface Mapping {
  readonly address: bigint
  readonly pages: number
  touch(request: TouchRequest): Promise<TouchedPages>
  /** Pages visited so far by the call that runs, or else the last one. */
  touched(): number
  /** The call that runs ends with the pages that its threads are at, or within 0.2 s without them. */
  stop(): void
  /** Fills pages with a pattern derived from their numbers. */
  write(from: number, to: number, limits?: VisitLimits): Promise<TouchedPages>
  /** Reads the pattern back; in `pages` only whole pages of it count. */
  verify(from: number, to: number, limits?: VisitLimits): Promise<VerifiedPages>
  /** By move_pages(2): the node of each page, or a negative errno: -ENOENT where there is none. */
  nodes(from: number, to: number): readonly number[]
  /** Stops and awaits what runs. May be called again. */
  unmap(): Promise<void>
}

/** Errors have the form of those of node:fs; `syscall` is the one that failed. */
export interface MappingCalls {
  map(request: MapRequest): Promise<Mapping>
  /** SysV shared memory, marked for removal before the promise resolves. */
  attachSegment(request: SegmentRequest): Promise<Mapping>
  /** A descriptor of memfd_create(2) with MFD_HUGETLB and close-on-exec. */
  memfd(name: string, pageSize: number): number
  /** Whether the kernel has MADV_POPULATE_WRITE. */
  canPopulate(): boolean
}
