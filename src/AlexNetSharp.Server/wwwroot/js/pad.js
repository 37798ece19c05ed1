// Paper to draw on: mouse, finger and pen by pointer events, and a pen that arrow keys move.

const ink = "#101418";
const width = 26;
const step = 14;
const fineStep = 4;

export class Pad {
  #canvas;
  #context;
  #strokes = [];
  #live = new Map();
  #changed;
  #key = null;

  // changed(isOver): after every bit of a stroke, and true at its end.
  constructor(canvas, mark, changed, penMoved) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { willReadFrequently: true });
    this.#changed = changed;
    this.mark = mark;
    this.penMoved = penMoved;
    this.pen = { x: canvas.width / 2, y: canvas.height / 2, isDown: false };
    this.#paint();
    canvas.addEventListener("pointerdown", event => this.#down(event));
    canvas.addEventListener("pointermove", event => this.#move(event));
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, event => this.#up(event));
    canvas.addEventListener("keydown", event => this.#press(event));
    canvas.addEventListener("focus", () => this.#showPen());
    canvas.addEventListener("blur", () => { this.#lift(); this.#showPen(); });
  }

  get isBlank() {
    return this.#strokes.length === 0;
  }

  undo() {
    this.#endAll();
    if (this.#strokes.pop() === undefined)
      return;
    this.#paint();
    this.#changed(true);
  }

  clear() {
    this.#endAll();
    this.#strokes = [];
    this.#paint();
    this.#changed(true);
  }

  // A picture on the paper, light strokes on black turned dark on white.
  show(image) {
    this.#endAll();
    this.#strokes = [{ image }];
    this.#paint();
    this.#changed(true);
  }

  toBlob() {
    return new Promise(resolve => this.#canvas.toBlob(resolve, "image/png"));
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) * this.#canvas.width / box.width,
      y: (event.clientY - box.top) * this.#canvas.height / box.height,
    };
  }

  #down(event) {
    if (event.button !== 0)
      return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#lift();
    this.#begin(event.pointerId, this.#at(event));
  }

  #move(event) {
    const stroke = this.#live.get(event.pointerId);
    if (!stroke)
      return;
    // Between two frames a pen may have made many points.
    const points = event.getCoalescedEvents?.() ?? [];
    for (const point of points.length > 0 ? points : [event])
      this.#extend(stroke, this.#at(point));
    this.#changed(false);
  }

  #up(event) {
    if (this.#live.delete(event.pointerId))
      this.#changed(true);
  }

  #begin(id, point) {
    const stroke = { points: [point] };
    this.#strokes.push(stroke);
    this.#live.set(id, stroke);
    this.#dot(point);
    this.#changed(false);
    return stroke;
  }

  #extend(stroke, point) {
    const last = stroke.points.at(-1);
    if (Math.hypot(point.x - last.x, point.y - last.y) < 1)
      return;
    stroke.points.push(point);
    this.#line(last, point);
  }

  #endAll() {
    this.#live.clear();
    this.#lift();
  }

  #press(event) {
    const far = event.shiftKey ? fineStep : step;
    const way = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[event.key];
    if (way) {
      const { width: right, height: bottom } = this.#canvas;
      this.pen.x = Math.min(Math.max(this.pen.x + way[0], width / 2), right - width / 2);
      this.pen.y = Math.min(Math.max(this.pen.y + way[1], width / 2), bottom - width / 2);
      if (this.#key) {
        this.#extend(this.#key, { x: this.pen.x, y: this.pen.y });
        this.#changed(false);
      }
    } else if (event.key === " ") {
      if (this.#key)
        this.#lift();
      else {
        this.#key = this.#begin("key", { x: this.pen.x, y: this.pen.y });
        this.pen.isDown = true;
      }
    } else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey)))
      this.undo();
    else if (event.key === "Delete")
      this.clear();
    else
      return;
    event.preventDefault();
    this.#showPen();
  }

  #lift() {
    if (!this.#key)
      return;
    this.#key = null;
    this.#live.delete("key");
    this.pen.isDown = false;
    this.#showPen();
    this.#changed(true);
  }

  #showPen() {
    // Who draws by hand sees where the hand is.
    this.mark.hidden = !this.#canvas.matches(":focus-visible");
    this.mark.style.left = `${this.pen.x / this.#canvas.width * 100}%`;
    this.mark.style.top = `${this.pen.y / this.#canvas.height * 100}%`;
    this.mark.classList.toggle("down", this.pen.isDown);
    this.penMoved(this.mark.hidden ? null : this.pen.isDown);
  }

  #paint() {
    const context = this.#context;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    for (const stroke of this.#strokes) {
      if (stroke.image) {
        context.filter = "invert(1)";
        context.drawImage(stroke.image, 0, 0, this.#canvas.width, this.#canvas.height);
        context.filter = "none";
        continue;
      }
      this.#dot(stroke.points[0]);
      for (let i = 1; i < stroke.points.length; i++)
        this.#line(stroke.points[i - 1], stroke.points[i]);
    }
  }

  #dot(point) {
    const context = this.#context;
    context.fillStyle = ink;
    context.beginPath();
    context.arc(point.x, point.y, width / 2, 0, 2 * Math.PI);
    context.fill();
  }

  #line(from, to) {
    const context = this.#context;
    context.strokeStyle = ink;
    context.lineWidth = width;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
}
