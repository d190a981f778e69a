import t from 'tap'
import { bootAdvice } from '../../../src/model/config/boot-advice.ts'
import { requestOf, type TypedLine, targetOf } from '../../helpers/generated.ts'

const advice = (words: string, typed: TypedLine = {}, series = '6.18', essential = true) =>
  bootAdvice(targetOf(series), requestOf(words, typed), essential)

const whole = "'hugepool boot --from-config' writes the whole line"

t.test('the words that a line lacks', async (t) => {
  t.strictSame(advice('1G=0:2'), {
    state: 'next-boot',
    why: `'hugepagesz=1G hugepages=0:2' on the kernel command line makes it so: ${whole}`,
    essential: true,
  })
  t.strictSame(advice('1G=0', {}, '6.18', false), {
    state: 'next-boot',
    why: `a kernel command line without words for it makes it so: ${whole}`,
    essential: false,
  })
})

t.test('what no line of this kernel brings is told, and is no failure', async (t) => {
  t.strictSame(advice('1G=0:2', {}, '5.10'), {
    state: 'short',
    reason: 'no-feature',
    why: 'Linux 5.10 takes no nodes on its command line: 5.16 is the first that does',
    hints: ["1G=2 leaves the nodes to the kernel, and 'hugepool apply' corrects them"],
    essential: false,
    lacks: true,
  })
  const { state, essential, lacks } = advice('', { default: '16M' })
  t.strictSame([state, essential, lacks], ['missing', false, true])
})

t.test('what is refused for another reason waits for another line', async (t) => {
  const { why, ...rest } = advice('1G=16')
  t.strictSame(rest, { state: 'next-boot', essential: true })
  t.match(why, /^16 pages of 1G would leave less than 839M/)
})
