import { serviceUnit } from '../service/service-kind.ts'

const unitValues = (text: string, key: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^[ \\t]*${key}[ \\t]*=(.*)$`, 'gm'))].flatMap(([, value = '']) =>
    value.split(/\s+/).filter((name) => name !== ''),
  )

/** Units that come before hugepool's service, and that come after it. */
const earlier = ['systemd-modules-load.service', 'systemd-sysctl.service', 'local-fs-pre.target']
const later = ['sysinit.target', 'basic.target', 'multi-user.target', 'local-fs.target']

const hasAny = (all: readonly string[], some: readonly string[]): boolean =>
  some.some((each) => all.includes(each))

/**
 * Tells whether a unit runs before or after hugepool's service. A unit with the usual dependencies
 * comes after sysinit.target (systemd.service(5)). Undefined where nothing orders the two.
 */
export const orderAgainst = (text: string): 'before' | 'after' | undefined => {
  const isEarly = unitValues(text, 'DefaultDependencies').some((word) =>
    /^(?:no|false|off|0|n|f)$/i.test(word),
  )
  const after = unitValues(text, 'After')
  if (!isEarly || hasAny(after, [serviceUnit, ...later])) return 'after'
  if (hasAny(unitValues(text, 'Before'), [serviceUnit, ...earlier])) return 'before'
  return undefined
}
