// Points are blended into one pixel buffer here, and not by the canvas: without a graphics card `drawImage` costs ten
// times more a point. The canvas is marked for reading, which keeps it in main memory, where the buffer is.
export class Sheet {
  constructor(canvas) {
    this.canvas = canvas
    this.context = canvas.getContext("2d", { willReadFrequently: true })
  }

  clear(ratio) {
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio))
    const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio))
    if (!this.image || this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height })
      this.image = this.context.createImageData(width, height)
      this.words = new Uint32Array(this.image.data.buffer)
    } else this.words.fill(0)
  }

  show() {
    this.context.putImageData(this.image, 0, 0)
  }

  // Blend one stamp with its middle at (x, y), within the box {left, top, right, bottom}, all in device pixels.
  stamp(stamp, x, y, opacity, box) {
    const { half, phases } = stamp
    const left = Math.floor(x)
    const top = Math.floor(y)
    if (left + half < box.left || left - half > box.right || top + half < box.top || top - half > box.bottom) return
    const whole = left - half >= box.left && left + half < box.right && top - half >= box.top && top + half < box.bottom
    const phase = (x - left >= 0.5 ? 1 : 0) + (y - top >= 0.5 ? 2 : 0)
    const { across, down, colours, alphas, count } = phases[phase]
    const { words } = this
    const width = this.canvas.width
    for (let k = 0; k < count; k += 1) {
      const column = left + across[k]
      const row = top + down[k]
      if (!whole && (column < box.left || column >= box.right || row < box.top || row >= box.bottom)) continue
      const at = row * width + column
      const alpha = (alphas[k] * opacity + 0.5) | 0
      words[at] = words[at] === 0 ? (alpha << 24) | colours[k] : over(words[at], colours[k], alpha)
    }
  }
}

// One colour over another, both as 0xAABBGGRR with straight alpha.
function over(below, colour, alpha) {
  const kept = ((below >>> 24) * (255 - alpha)) / 255
  const sum = alpha + kept
  const share = sum > 0 ? alpha / sum : 0
  const red = (below & 255) + ((colour & 255) - (below & 255)) * share
  const green = ((below >> 8) & 255) + (((colour >> 8) & 255) - ((below >> 8) & 255)) * share
  const blue = ((below >> 16) & 255) + (((colour >> 16) & 255) - ((below >> 16) & 255)) * share
  return ((sum + 0.5) << 24) | ((blue + 0.5) << 16) | ((green + 0.5) << 8) | (red + 0.5)
}
