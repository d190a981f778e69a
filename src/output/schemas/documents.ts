import * as z from 'zod'
import { bootSchema } from './boot-schema.ts'
import { copySchema, plannedCopySchema } from './cp-schema.ts'
import {
  applySchema,
  checkSchema,
  type configChangePart,
  type itemPart,
  plannedApplySchema,
  type unnamedPart,
} from './desired-schema.ts'
import { doctorSchema } from './doctor-schema.ts'
import { exportSchema } from './export-schema.ts'
import { filesSchema, type hugeFilePart, type segmentPart } from './files-schema.ts'
import { findingsSchema } from './findings-schema.ts'
import type { keptPart } from './kept-schema.ts'
import { loaderSchema } from './loader-schema.ts'
import { type metricPart, metricsSchema } from './metrics-schema.ts'
import {
  type mountPart,
  mountSchema,
  mountsSchema,
  type persistedPart,
  type shownMountPart,
} from './mounts-schema.ts'
import { commandsSchema, type errorPart, type holderPart, type unseenKey } from './parts.ts'
import {
  type changePart,
  changeSchema,
  completionSchema,
  demoteSchema,
  type demotionPart,
  dryRunSchema,
  type leftOutPart,
  listSchema,
  manSchema,
  type poolSchema,
  type shownPoolPart,
  type writePart,
} from './pools-schema.ts'
import { schemaSchema } from './schema-schema.ts'
import {
  metricsTimerSchema,
  printedServiceSchema,
  serviceSchema,
  type serviceStatePart,
} from './service-schema.ts'
import { type movedPart, type nodeMovedPart, testSchema, type testStepPart } from './test-schema.ts'
import {
  type keptSettingsPart,
  plannedTuneSchema,
  type settingChangePart,
  type settingPart,
  settingsSchema,
  tuneSchema,
} from './tune-schema.ts'
import { umountDryRunSchema, umountSchema } from './umount-schema.ts'
import { watchSchema } from './watch-schema.ts'
import { type pageHolderPart, whoSchema } from './who-schema.ts'
import type { writerPart } from './writer-schema.ts'

/**
 * The schemas of what each command prints with --json, by name of the command. Every command has
 * one.
 */
export const schemas = {
  list: listSchema,
  resize: z.union([changeSchema, dryRunSchema]),
  overcommit: z.union([changeSchema, dryRunSchema]),
  demote: z.union([demoteSchema, dryRunSchema]),
  mounts: mountsSchema,
  mount: z.union([mountSchema, commandsSchema]),
  umount: z.union([umountSchema, umountDryRunSchema]),
  cp: z.union([copySchema, plannedCopySchema]),
  test: testSchema,
  who: whoSchema,
  watch: watchSchema,
  files: z.union([filesSchema, commandsSchema]),
  doctor: z.union([doctorSchema, findingsSchema]),
  apply: z.union([applySchema, plannedApplySchema]),
  check: checkSchema,
  boot: z.union([bootSchema, loaderSchema, commandsSchema]),
  service: z.union([serviceSchema, printedServiceSchema, metricsTimerSchema, commandsSchema]),
  tune: z.union([settingsSchema, tuneSchema, plannedTuneSchema]),
  export: exportSchema,
  metrics: metricsSchema,
  schema: schemaSchema,
  completion: completionSchema,
  man: manSchema,
}

/** The read-only type of the data that a schema describes. */
type Data<Schema extends z.ZodType> = Frozen<z.infer<Schema>>
type Frozen<T> = { readonly [Key in keyof T]: Frozen<T[Key]> }

/** A document without the keys that are added when it is printed. */
type Body<T> = T extends unknown ? Omit<T, 'version' | 'error' | 'notes' | 'hints'> : never

export type DocumentName = keyof typeof schemas

/** The document that a command makes of its result, or of a dry run. */
export type Document<Name extends DocumentName> = Body<Data<(typeof schemas)[Name]>>

export type CopyDocument = Body<Data<typeof copySchema>>
export type PlannedCopyDocument = Body<Data<typeof plannedCopySchema>>
export type DryRunDocument = Body<Data<typeof dryRunSchema>>
export type CommandsDocument = Body<Data<typeof commandsSchema>>
export type ChangesDocument = Body<Data<typeof changeSchema>>
export type DemotionsDocument = Body<Data<typeof demoteSchema>>
export type DoctorDocument = Body<Data<typeof doctorSchema>>
export type FindingsDocument = Body<Data<typeof findingsSchema>>
export type FilesDocument = Body<Data<typeof filesSchema>>
export type MountedDocument = Body<Data<typeof mountSchema>>
export type AppliedDocument = Body<Data<typeof applySchema>>
export type PlannedApplyDocument = Body<Data<typeof plannedApplySchema>>
export type SettingsDocument = Body<Data<typeof settingsSchema>>
export type TunedDocument = Body<Data<typeof tuneSchema>>
export type PlannedTuneDocument = Body<Data<typeof plannedTuneSchema>>
export type UnmountedDocument = Body<Data<typeof umountSchema>>
export type BootDocument = Body<Data<typeof bootSchema>>
export type LoaderDocument = Body<Data<typeof loaderSchema>>
export type WatchDocument = Body<Data<typeof watchSchema>>
export type UmountForecastDocument = Body<Data<typeof umountDryRunSchema>>

/**
 * The types of document parts that several documents share or that are made by functions of their
 * own.
 */
export type PoolDocument = Data<typeof poolSchema>
export type ShownPoolDocument = Data<typeof shownPoolPart>
export type ChangeDocument = Data<typeof changePart>
export type LeftOutDocument = Data<typeof leftOutPart>
export type FailureDocument = LeftOutDocument['error']
export type DemotionDocument = Data<typeof demotionPart>
export type MountDocument = Data<typeof mountPart>
export type ShownMountDocument = Data<typeof shownMountPart>
export type HolderDocument = Data<typeof holderPart>
export type HugeFileDocument = Data<typeof hugeFilePart>
export type SegmentDocument = Data<typeof segmentPart>
export type UnseenDocument = Data<typeof unseenKey>
export type BooksDocument = Document<'who'>['pools'][number]
export type SumDocument = NonNullable<Document<'who'>['sums']>[number]
export type NextBootDocument = Pick<AppliedDocument, 'rebootRequired' | 'nextBoot'>
/** What --clean adds to a document of files. */
export type CleanedDocument<Keys extends keyof FilesDocument> = Required<
  Pick<FilesDocument, Keys | 'returned'>
>
export type PageHolderDocument = Data<typeof pageHolderPart>
export type ServiceStateDocument = Data<typeof serviceStatePart>
export type ItemDocument = Data<typeof itemPart>
export type ConfigChangeDocument = Data<typeof configChangePart>
export type UnnamedDocument = Data<typeof unnamedPart>
export type WriterDocument = Data<typeof writerPart>
export type SettingDocument = Data<typeof settingPart>
export type KeptSettingsDocument = Data<typeof keptSettingsPart>
export type SettingChangeDocument = Data<typeof settingChangePart>
export type KeptDocument = Data<typeof keptPart>
export type PersistedDocument = Data<typeof persistedPart>
export type WriteDocument = Data<typeof writePart>
export type StepDocument = Data<typeof testStepPart>
export type MovedDocument = Data<typeof movedPart>
export type NodeMovedDocument = Data<typeof nodeMovedPart>
export type MetricDocument = Data<typeof metricPart>
export type ErrorDocument = Data<typeof errorPart>
