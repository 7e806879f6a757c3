// The few functions that losses are made of, with the conventions of core: a hinge has no slope at its corner, the
// logarithm of an empty sum is so small that nothing is left of it, and a soft hinge is straight where it is large.
export const NOTHING = -1e30

export const hinge = (value) => (value > 0 ? value : 0)

export const softplus = (value, straightFrom = 20) =>
  value > straightFrom ? value : Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))

export const softplusSlope = (value, straightFrom = 20) => (value > straightFrom ? 1 : sigmoid(value))

export const sigmoid = (value) => (value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value)))

export const radians = (degrees) => (degrees * Math.PI) / 180

export const sum = (values) => values.reduce((total, value) => total + value, 0)

// log of the sum of exp over these, and the share of each in it: { log, shares }.
export function logSum(values) {
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity)
  if (top === -Infinity) return { log: NOTHING, shares: values.map(() => 0) }
  const grown = values.map((value) => Math.exp(value - top))
  const total = sum(grown)
  return { log: top + Math.log(total), shares: grown.map((value) => value / total) }
}
