import { explain, type Meaning } from '../kernel/errno.ts'
import type { Pages } from '../model/count.ts'
import { formatSize } from '../model/page-size.ts'
import type { Step } from '../model/plan.ts'
import { policyModes } from '../model/policy.ts'
import type { Ports } from './ports.ts'

/** What EINVAL means for these attributes: the value is always a plain number (mm/hugetlb_sysfs.c). */
const invalid = (step: Step): Meaning => {
  const size = formatSize(step.size)
  return step.attribute === 'overcommit'
    ? {
        code: 'E_UNSUPPORTED',
        words: `the kernel allows no overcommit of ${size} pages (EINVAL)`,
        hint: 'overcommit of gigantic pages exists from Linux 6.19 on; resize makes persistent ones',
      }
    : {
        code: 'E_UNSUPPORTED',
        words: `the kernel cannot change the number of ${size} pages while it runs (EINVAL)`,
        hint: `set it on the kernel command line: hugepagesz=${size} hugepages=N`,
      }
}

const writeUnderPolicy = (ports: Ports, step: Step, write: () => void): void => {
  if (step.policy === undefined) {
    write()
    return
  }
  const native = ports.native()
  const { mode, nodes } = native.getMempolicy()
  native.setMempolicy(policyModes[step.policy.mode], step.policy.nodes)
  try {
    write()
  } finally {
    native.setMempolicy(mode, nodes)
  }
}

/** Writes a value for a step, in one write(2). Success says nothing of how much the kernel did. */
export const writeStep = (ports: Ports, step: Step, value: Pages): void => {
  try {
    writeUnderPolicy(ports, step, () => ports.tree.write(step.path, `${value}`))
  } catch (error) {
    throw explain(error, step.path, { EINVAL: invalid(step) })
  }
}
