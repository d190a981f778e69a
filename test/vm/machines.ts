/**
 * The laboratory: real Debian kernels on emulated machines with several NUMA nodes, booted by QEMU
 * as an ordinary user. Each machine of this table boots with each of its kernels and runs
 * everything in `test/live` inside, unless it is for something special (`only`). A live test says
 * itself what it needs of a machine, and one whose needs a machine does not meet is reported there
 * as skipped, with the reason. What the kernel alone decides, as all about mounts, says nothing new
 * on a second machine with the same kernel: of a whole run some are `brief`. When the whole table
 * has run, a live test that every machine skipped is a failure, as is one that failed on any.
 *
 * After `npm ci`:
 *
 *   npm run test:vm                               the whole table
 *   npm run test:vm -- two-nodes tight            some machines
 *   npm run test:vm -- --kernel 6.12              one series, on every machine (6.1,6.12: two)
 *   npm run test:vm -- --kernel all two-nodes     every series in reach (kernels.txt)
 *   npm run test:vm -- --tests resize,demote      some of the tests, by their files in test/live
 *   npm run test:vm -- --shell two-nodes          a shell in a machine, with hugepool on the PATH
 *   npm run test:vm -- --arch arm64               machines with another processor (foreign-machines.ts), which
 *                                                 takes --kernel, --tests, --shell and machines as well
 *   npm run test:vm -- boot-lines --count 200     kernels that boot command lines (test/boot-lines)
 *   npm run test:vm -- boot-lines --arch arm64    those of arm64 (kernels-arm64.txt)
 *
 * The shell is on the first kernel of the machine's row, or on that of --kernel; `exit` or
 * `poweroff -f` ends it, and Ctrl-A x the emulator.
 *
 * How it works: `kernels.sh` finds and downloads kernels, `modules.sh` builds modules for those that
 * have some, against the headers in Debian's packages, `image.sh` packs one initramfs for all
 * guests, `init` is the first process inside: it runs `prepare/<machine>`, where there is one, then
 * the live tests, whose TAP leaves by the second serial line. `laboratory.ts` boots the guests, as
 * many at once as there are processors and memory for, and makes one report of what they say. A
 * guest that panics, hangs, loses its results or is not the machine that is meant fails with the last
 * 60 lines of its console; the rest of it goes with the run's directory.
 *
 * Under plain emulation a process of Node takes a second to start. So the live tests run command
 * lines within their own process there (`HUGEPOOL_MACHINE` in `test/live/support/program.ts`), and
 * only what is about processes starts them. A guest runs with one memory-mapped gibibyte after the
 * other untouched: it takes from this machine what it touches. `init_on_alloc=0` keeps Debian's
 * kernels from touching every page of a growing pool.
 *
 * Limits of the emulator: node ids have no gaps (recorded trees have), a node without memory still
 * needs a processor, and there is no memory that fails.
 */

import type { Need } from '../live/support/needs.ts'

/** What tests are about that start many processes. */
export type ProcessKind =
  | 'signals'
  | 'locks'
  | 'users'
  | 'mounts'
  | 'privilege'
  | 'holders'
  | 'policies'
  | 'tracing'
  | 'updates'

/** Memory of a node as QEMU writes it, such as `3G`; `0` for a node without memory. */
export type NodeMemory = string

export interface VirtualMachine {
  readonly name: string
  /** What it is for. */
  readonly summary: string
  readonly nodes: readonly NodeMemory[]
  /** Series of kernels, from kernels.txt, on which the tests of a whole run boot it. */
  readonly kernels: readonly string[]
  /**
   * Of these series, those on which a run of the whole table leaves out what the kernel alone
   * decides: other machines, which have the same kernel, run that. Its nodes or its memory are what
   * it is for.
   */
  readonly brief?: readonly string[]
  /** Features of the processor that are switched, as QEMU writes them. */
  readonly cpu?: string
  /** Words of the kernel's command line. */
  readonly append?: string
  /** Whether it has the modules of `modules`, which are built for no other series than its own. */
  readonly modules?: true
  /** Tests that start many processes run on it, which takes a second for each: which of them. */
  readonly processes?: ProcessKind
  /**
   * It runs only tests that need one of these. What has nothing to do with what is special about it
   * says nothing new here, and a guest takes minutes.
   */
  readonly only?: readonly Need[]
  /** What live tests need of it: one that has not all of it is not the machine that is meant. */
  readonly gives?: readonly Need[]
  /** Seconds after which a guest that has not ended hangs. */
  readonly limit: number
}

const every = ['6.1', '6.12', 'newest'] as const

/** The longest take 120 on two quiet processors, and were seen to take 220 on busy ones. */
const limit = 480

export const machines: readonly VirtualMachine[] = [
  // The longest are first: at the end of a run no processor waits for them.
  {
    name: 'holders',
    summary: 'two nodes: all ways in which pages are held, alone and together',
    nodes: ['4G', '4G'],
    kernels: ['6.1', '6.12', 'newest'],
    processes: 'holders',
    only: ['processes: holders', 'every machine'],
    // Thirty holders that are looked at twice each, and mixes of them.
    limit: 2 * limit,
  },
  {
    name: 'updates',
    summary: 'two nodes: many writers at once, some of which are killed',
    nodes: ['4G', '4G'],
    kernels: ['6.12'],
    processes: 'updates',
    only: ['processes: updates', 'every machine'],
    gives: ['room', 'two nodes with memory', 'gigantic pages'],
    limit: 2 * limit,
  },
  {
    name: 'one-node',
    summary: 'one node, pools of 2M and 1G',
    nodes: ['8G'],
    kernels: every,
    // Else the table of counters would run on no kernel, and nobody would see it.
    gives: ['room', 'one node with memory', 'gigantic pages'],
    limit,
  },
  {
    name: 'two-nodes',
    summary: 'two nodes of 4G',
    // With 3G the kernels' own memory at times leaves no whole gibibyte on one of them.
    nodes: ['4G', '4G'],
    kernels: every,
    // On one kernel all that there is also runs with two nodes.
    brief: ['6.1', 'newest'],
    gives: ['two nodes with memory'],
    limit,
  },
  {
    name: 'memoryless',
    summary: 'three nodes, the middle one without memory',
    nodes: ['4G', '0', '4G'],
    kernels: ['6.12'],
    brief: ['6.12'],
    processes: 'policies',
    gives: ['a node without memory'],
    limit,
  },
  {
    name: 'no-1g',
    summary: 'a processor without 1G pages',
    nodes: ['2G', '2G'],
    kernels: ['6.1'],
    brief: ['6.1'],
    cpu: '-pdpe1gb',
    processes: 'users',
    limit,
  },
  {
    name: 'boot-pools',
    summary: 'pools of each node from the kernel command line, with the vmemmap optimised',
    nodes: ['3G', '3G'],
    kernels: ['6.12'],
    append:
      'hugepagesz=1G hugepages=0:1,1:1 hugepagesz=2M hugepages=0:16,1:8 hugetlb_free_vmemmap=on',
    limit,
  },
  {
    name: 'tight',
    summary: 'too little memory: growth of 2M falls short, that of 1G more so',
    // Of node 1, at 1-3G and at 4-7.75G, no more than four gibibytes can be a page of 1G: the
    // second holds what the firmware reserves, and the last is not whole. Three may be spoilt.
    nodes: ['1G', '5888M'],
    kernels: every,
    brief: every,
    limit,
  },
  {
    name: 'fragmented',
    summary: 'memory in pieces: 2M pages are short until memory is compacted',
    nodes: ['640M', '512M'],
    kernels: ['newest'],
    only: ['memory in pieces', 'every machine'],
    gives: ['memory in pieces'],
    limit,
  },
  {
    name: 'signals',
    summary: 'one node with room for a few pages: processes that are interrupted',
    nodes: ['1344M'],
    kernels: ['6.12'],
    processes: 'signals',
    only: ['processes: signals', 'every machine'],
    limit,
  },
  {
    name: 'no-run-lock',
    summary: '/run without a directory for locks: writers that keep apart all the same',
    nodes: ['1344M'],
    kernels: ['newest'],
    processes: 'locks',
    only: ['no /run/lock', 'processes: locks', 'every machine'],
    gives: ['no /run/lock'],
    // A hundred rounds of six writers.
    limit: 2 * limit,
  },
  {
    name: 'mounts',
    summary: 'one node with room for a few pages: processes that mount',
    nodes: ['1344M'],
    kernels: ['newest'],
    processes: 'mounts',
    only: ['processes: mounts', 'every machine'],
    limit: 2 * limit,
  },
  {
    name: 'privilege',
    summary: 'one node with room for a few pages: mounts without privilege, and by others',
    nodes: ['1344M'],
    kernels: ['6.1'],
    processes: 'privilege',
    only: ['processes: privilege', 'every machine'],
    // Each way of each command is tried without each of its capabilities: 300 alone.
    limit: 2 * limit,
  },
  {
    name: 'read-only-sys',
    summary: '/sys is read-only, as in a container',
    nodes: ['2G', '2G'],
    kernels: ['newest'],
    gives: ['a read-only /sys'],
    limit,
  },
  {
    name: 'hugetlb-cgroup',
    summary: 'cgroup v2 with the hugetlb controller and a limit of 8M of 2M pages',
    nodes: ['4G', '4G'],
    kernels: ['newest'],
    processes: 'tracing',
    only: ['the machine hugetlb-cgroup', 'processes: tracing', 'every machine'],
    limit,
  },
  {
    name: 'memory-cgroup',
    summary: 'cgroup v2 that counts huge pages as memory, and a limit of 512M',
    nodes: ['3G'],
    // The first faults for ever at the limit, and the other gives SIGBUS.
    kernels: ['6.12', 'newest'],
    // A page that is larger than all of the limit cannot take from it what Node needs.
    append: 'hugepagesz=1G hugepages=1',
    only: ['the machine memory-cgroup', 'every machine'],
    limit,
  },
  {
    name: 'drivers',
    summary: 'modules of drivers that map huge pages, and that pin those of programs',
    nodes: ['768M', '768M'],
    kernels: ['6.1', '6.12'],
    modules: true,
    only: ['modules', 'every machine'],
    gives: ['modules', 'two nodes with memory'],
    limit,
  },
]
