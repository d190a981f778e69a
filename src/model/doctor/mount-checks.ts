import { octalMode } from '../etc/octal-mode.ts'
import { quotedCommand, shellWord } from '../etc/shell-word.ts'
import { bytesWanted } from '../mapping/reasons/fault-facts.ts'
import { fileAdvice, fileReasonAt } from '../mapping/reasons/file-reason.ts'
import { mountObstacle } from '../mapping/reasons/obstacles.ts'
import type { HugetlbfsMount } from '../mounts/hugetlbfs-mount.ts'
import { hiddenWords, isReadOnly, uncoverAdvice } from '../mounts/mount-choice.ts'
import { closedDirectory } from '../processes/directory-access.ts'
import { mayMount } from '../processes/privilege.ts'
import type { ProcessIdentity } from '../processes/process-identity.ts'
import { formatBytes } from '../words/bytes.ts'
import { formatSize, type PageSize } from '../words/page-size.ts'
import { countedOf, type Finding } from './check-finding.ts'
import { type DoctorFacts, withCopies } from './doctor-facts.ts'
import type { ChosenMount, FileFacts } from './mount-facts.ts'

type LookAtMount = (mount: FileFacts, facts: DoctorFacts) => Finding | undefined
type LookAtChosen = (chosen: ChosenMount, facts: DoctorFacts) => Finding | undefined

/** Turns a look at files into one that says nothing of mappings without a file. */
const ofFiles =
  (look: LookAtMount) =>
  (facts: DoctorFacts): Finding | undefined =>
    facts.mount && look(facts.mount, facts)

const ofChosen = (look: LookAtChosen) =>
  ofFiles(({ chosen }, facts) => chosen && look(chosen, facts))

const isVisible = ({ hidden }: { readonly hidden: boolean }): boolean => !hidden

/** Whether the mounts that fit are all hidden. */
const allHidden = ({ fit, chosen }: FileFacts): boolean =>
  chosen === undefined && fit.length > 0 && !fit.some(isVisible)

const allReadOnly = ({ fit, chosen }: FileFacts): boolean =>
  chosen === undefined && fit.some(isVisible) && fit.filter(isVisible).every(isReadOnly)

/**
 * Advises where nothing can be mounted from here. What is wrong with a mount that is there, another
 * check tells.
 */
const mountElsewhere = (size: PageSize): string =>
  'hugetlbfs cannot be mounted from here: mount it outside of the container, and have its manager' +
  ` bind-mount the directory, as Kubernetes does with a volume of 'emptyDir: {medium: HugePages-${formatSize(size)}i}';` +
  ' --via memfd needs none'

/** Advises to mount, which only root can do, and not the root of a container. */
const mountHints = (facts: DoctorFacts, hint: string | undefined): readonly string[] => {
  const { plan, identity } = facts
  const isConfined =
    identity !== undefined && !mayMount(identity) && (identity.user === 0n || !identity.ofMachine)
  if (isConfined) return [mountElsewhere(plan.size)]
  const makes = `'hugepool mount DIR --pagesize ${formatSize(plan.size)} --mkdir' makes one; --via memfd needs none`
  return hint?.split('\n') ?? [makes]
}

export const lookAtMounting = ofFiles((mount, facts) => {
  const { plan } = facts
  const { error, chosen, fit } = mount
  const needs = formatSize(plan.size)
  if (chosen !== undefined) return { result: 'ok', has: chosen.mount.target, needs }
  if (plan.mount === undefined && (allHidden(mount) || allReadOnly(mount)))
    return { result: 'ok', has: fit[0]?.target ?? '-', needs }
  return {
    result: 'fail',
    needs,
    why: error?.message ?? 'no hugetlbfs is mounted',
    hints: mountHints(facts, error?.hint),
  }
})

export const lookAtHiding = ofFiles((mount, { plan }) => {
  if (mount.chosen !== undefined) return { result: 'ok' }
  if (plan.mount !== undefined || !allHidden(mount)) return undefined
  const targets = mount.fit.map(({ target }) => target)
  return {
    result: 'fail',
    has: targets.join(', '),
    why: hiddenWords(targets),
    hints: targets.slice(0, 1).map(uncoverAdvice),
  }
})

export const lookAtReadOnly = ofFiles((mount, { plan }) => {
  const { chosen, fit } = mount
  const [first] = fit.filter(isVisible)
  const target = chosen !== undefined && isReadOnly(chosen.mount) ? chosen.mount.target : undefined
  const refused =
    target ?? (plan.mount === undefined && allReadOnly(mount) ? first?.target : undefined)
  if (refused !== undefined)
    return {
      result: 'fail',
      has: 'ro',
      needs: 'rw',
      why: fileReasonAt('EROFS', refused),
      hints: [fileAdvice('EROFS', refused)],
    }
  return chosen && { result: 'ok', has: 'rw', needs: 'rw' }
})

/** Finds the directory that is in the way, by access(2) or by its owner and mode. */
const closedOf = ({ access = [], mayWrite }: ChosenMount, who: ProcessIdentity) => {
  if (mayWrite === true) return undefined
  const closed = closedDirectory(who, access)
  return mayWrite === undefined ? closed : (closed ?? access[0])
}

export const lookAtPermission = ofChosen((chosen, { identity }) => {
  const { access, directory } = chosen
  if (access === undefined || identity === undefined)
    return { result: 'unknown', why: `who may write to ${directory} cannot be seen` }
  const closed = closedOf(chosen, identity)
  const [own] = access
  const shown = closed ?? own
  const has = shown === undefined ? '-' : `${shown.user}:${shown.group} ${octalMode(shown.mode)}`
  const needs = `${identity.user}:${identity.group}`
  if (closed === undefined) return { result: 'ok', has, needs }
  return {
    result: 'fail',
    has,
    needs,
    why: fileReasonAt('EACCES', closed.path),
    hints: [fileAdvice('EACCES', closed.path, identity)],
  }
})

export const lookAtNoexec = ofChosen(({ mount }) =>
  mount.options.split(',').includes('noexec')
    ? { result: 'warn', has: 'noexec', why: 'a program that maps code there is refused (EPERM)' }
    : { result: 'ok' },
)

/** Limits are those of the file system: a remount changes flags alone. */
const anew = ({ target, pageSize }: HugetlbfsMount, limit: string): string => {
  const where = shellWord(target)
  const makes = `hugepool mount ${where} --pagesize ${formatSize(pageSize)} ${limit}`
  return `${quotedCommand(`hugepool umount ${where}`)} and ${quotedCommand(makes)}, with its other options, make a larger one without the files of this one`
}

export const lookAtInodes = ofChosen(({ mount, inodes }, { plan }) => {
  if (mount.inodes === undefined) return undefined
  const wanted = BigInt(plan.parts.length)
  const needs = countedOf(wanted, 'file')
  if (inodes === undefined)
    return { result: 'unknown', needs, why: `how many files ${mount.target} has cannot be seen` }
  const has = countedOf(inodes, 'file')
  if (inodes >= wanted) return { result: 'ok', has, needs }
  return {
    result: 'fail',
    has,
    needs,
    why: fileReasonAt('ENOSPC', mount.target),
    hints: [
      fileAdvice('ENOSPC', mount.target),
      anew(mount, `--nr-inodes ${mount.inodes - inodes + wanted}`),
    ],
  }
})

export const lookAtMountSize = ofFiles(({ chosen }, facts) => {
  const pages = withCopies(facts)
  const { mount } = pages
  if (mount?.free === undefined) return undefined
  const bytes = bytesWanted(pages)
  const counts = { has: { bytes: mount.free }, needs: { bytes } }
  const obstacle = mountObstacle(pages)
  if (obstacle === undefined) return { result: 'ok', ...counts }
  const size = chosen?.mount.size
  const hints =
    chosen === undefined || size === undefined
      ? obstacle.advice
      : [anew(chosen.mount, `--size ${formatBytes(size - mount.free + bytes)}`)]
  return { result: 'fail', ...counts, why: obstacle.why, hints }
})

export const lookAtMinimum = ofFiles((_, { plan, pages }) => {
  const { mount } = pages
  return mount?.least === undefined
    ? undefined
    : {
        result: 'ok',
        has: { bytes: mount.least },
        needs: { bytes: plan.pages * plan.size },
        why: `reserved for files on ${mount.target}`,
      }
})
