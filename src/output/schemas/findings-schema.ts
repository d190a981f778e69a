import * as z from 'zod'
import { type FindingName, findingNames } from '../../model/doctor/findings/finding-table.ts'
import { findingLevels } from '../../model/doctor/findings/machine-finding.ts'
import { documentSchema, proseKey } from './parts.ts'

// The schema for `doctor` without an ASSIGNMENT is here.

const findingPart = z.strictObject({
  finding: z
    .enum(findingNames as [FindingName, ...FindingName[]])
    .describe('the name of what is wrong'),
  level: z
    .enum(findingLevels)
    .describe('how bad it is: a problem is there now, a warning will be, a note is worth knowing'),
  what: proseKey('what is wrong'),
  hints: z.array(z.string().min(1)).min(1).optional().describe('what can be done; prose'),
})

export const findingsSchema = documentSchema({
  findings: z.array(findingPart).describe('what is wrong with the machine'),
  unseen: z.array(z.string().min(1)).describe('what could not be looked into; prose'),
})
