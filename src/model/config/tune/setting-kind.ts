import { present } from '../../words/present.ts'
import type { Recommend } from './recommended-values.ts'
import type { TuneFacts } from './tune-facts.ts'

/**
 * What a setting can be. Bounds of `bytes` are in bytes, whatever the unit of the file is; `pages`
 * are base pages; a `switch` is 0 or 1.
 */
export type SettingKind =
  | { readonly kind: 'group' }
  | {
      readonly kind: 'bytes' | 'pages' | 'number'
      readonly least: bigint
      readonly most: bigint
      /** How many bytes the number 1 in the file stands for; 1 where this is absent. */
      readonly unit?: bigint
      /**
       * The value that the kernel starts with, which is as good as no limit and is written `max`.
       */
      readonly max?: bigint
      /** What a number counts, where it is no plain number: `ms`. */
      readonly counts?: string
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'switch' }

/** The kinds that are amounts or numbers. */
export type CountedKind = Extract<SettingKind, { readonly least: bigint }>

/** One setting around the pools. */
export interface TunedSetting {
  readonly key: string
  /** The file of the kernel. */
  readonly path: string
  readonly accepts: SettingKind
  /** What it is about, in few words. */
  readonly what: string
  /** What a kernel or a machine needs to have the file. */
  readonly needs: string
  /** Whether every IPC namespace has its own (ipc/ipc_sysctl.c). */
  readonly ofNamespace?: true
  readonly recommend?: Recommend
  readonly limit?: MachineLimit
}

/** A bound that machines differ in, below that of the kind. */
export interface MachineLimit {
  /** The largest value on a machine; undefined where nothing of it is a bound. */
  readonly most: (facts: TuneFacts) => bigint | undefined
  readonly why: string
  /** The bound in words, where no machine is looked at. */
  readonly upTo: string
}

export const oneOf = (...choices: readonly string[]): SettingKind => ({ kind: 'choice', choices })

export const numbers = (least: bigint, most: bigint, counts?: string): SettingKind => ({
  kind: 'number',
  least,
  most,
  ...present({ counts }),
})
