import type { ConfigItem } from '../config-item.ts'

/**
 * The sources of what sets something of a pool at a start, in the order in which a start comes
 * to them.
 */
export const writerSources = [
  'built-in',
  'kernel-line',
  'initrd-copy',
  'initrd',
  'sysctl',
  'tmpfiles',
  'dpdk',
  'sysfs',
  'unit',
  'pf-ring',
  'nitro-enclaves',
  'tuned',
  'libvirt',
  'proxmox',
  'xmrig',
  'rc-local',
  'cron',
  'cloud-init',
] as const

export type WriterSource = (typeof writerSources)[number]

/** The setting that is written: pages or overcommit of a pool, or the group of SysV segments. */
export type WrittenSetting = Pick<ConfigItem, 'attribute' | 'size' | 'node'>

/** A line or a word that sets something at a start. */
export interface FoundWriter {
  readonly source: WriterSource
  /**
   * The setting; absent where the line is about huge pages, and what it does cannot be told from
   * it.
   */
  readonly what?: WrittenSetting
  /** The file of the kernel, for what is no setting of a pool and is looked for by its path. */
  readonly path?: string
  /** The value as it is written there. */
  readonly value?: string
  readonly file: string
  readonly line?: number
  /**
   * Whether another line of sysctl.d or of tmpfiles.d takes its place, so that it is never written.
   */
  readonly overridden?: true
  /** Whether it runs before or after hugepool's service; absent where nothing orders them. */
  readonly when?: 'before' | 'after'
}

/** A line or a word that sets something at a start, and how that compares with a configuration. */
export interface Writer extends FoundWriter {
  /** Whether its value is there in the end; absent where that is not known. */
  readonly wins?: boolean
  /** Whether the configuration wants the same value; absent where that is not known. */
  readonly agrees?: boolean
}

/** What a machine has that settings are about. */
export interface WritableFacts {
  readonly sizes: readonly bigint[]
  readonly nodes: readonly number[]
  readonly defaultSize?: bigint
  /** Files of the kernel that are looked for besides those of pools. */
  readonly paths?: readonly string[]
  /** Whether lines are looked for too whose place other lines of sysctl.d or of tmpfiles.d take. */
  readonly overridden?: boolean
}
