/** Words beside those of pages that decide about huge pages, and what each is for. */
export const relatedWords = {
  hugetlb_cma: 'memory from which gigantic pages can be allocated at any time',
  hugetlb_cma_only: 'whether gigantic pages come from that memory alone',
  hugetlb_free_vmemmap: 'whether the page structs of huge pages are freed',
  hugepage_alloc_threads: 'how many threads allocate pages of a start',
  transparent_hugepage: 'transparent huge pages, which are in no pool',
  transparent_hugepage_shmem: 'transparent huge pages of shared memory, which are in no pool',
  transparent_hugepage_tmpfs: 'transparent huge pages of tmpfs, which are in no pool',
  thp_anon: 'transparent huge pages by size, which are in no pool',
  thp_shmem: 'transparent huge pages of shared memory by size, which are in no pool',
} as const satisfies Readonly<Record<string, string>>

export type RelatedWord = keyof typeof relatedWords

/** The three words of pages. */
export const pageWords = ['hugepages', 'hugepagesz', 'default_hugepagesz'] as const

export type PageWord = (typeof pageWords)[number]

export const isPageWord = (name: string): name is PageWord =>
  pageWords.some((word) => word === name)

export const isRelatedWord = (name: string): name is RelatedWord =>
  Object.hasOwn(relatedWords, name)

/**
 * Names the sysctl of pools that a word sets, as `sysctl.vm.nr_hugepages` or
 * `sysctl.vm/nr_hugepages` does; undefined for any other word.
 */
export const sysctlOf = (name: string): string | undefined =>
  /^sysctl\.vm[./](nr_hugepages|nr_hugepages_mempolicy|nr_overcommit_hugepages|hugetlb_shm_group)$/.exec(
    name,
  )?.[1]
