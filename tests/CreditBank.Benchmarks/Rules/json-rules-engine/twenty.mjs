// The same twenty conditions in json-rules-engine; prints how often a second they are all answered.
import { Engine } from 'json-rules-engine'

const engine = new Engine([], { allowUndefinedFacts: false })
for (let i = 0; i < 20; i++) {
  engine.addRule({
    conditions: {
      all: [
        i % 2 === 0
          ? { fact: 'score', operator: 'greaterThanInclusive', value: 40 + i }
          : { fact: 'subject', operator: 'equal', value: 's' + i }
      ]
    },
    event: { type: 'c' + i, params: { message: `condition ${i} holds` } }
  })
}

const facts = { score: 50, subject: 's7' }
const first = await engine.run(facts)
if (first.events.length !== 7) throw new Error('seven conditions hold, not ' + first.events.length)

async function repeat(milliseconds) {
  const begin = performance.now()
  let count = 0
  while (performance.now() - begin < milliseconds) {
    await engine.run(facts)
    count++
  }
  return (count * 1000) / (performance.now() - begin)
}

await repeat(1000)
console.log(Math.max(await repeat(1000), await repeat(1000), await repeat(1000)))
