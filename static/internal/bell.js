/* The bell: how many notifications are unread, the newest ten, live by a socket and, while there is
   none, by asking every minute. Without this file the bell is a link to the list. */
(() => {
  "use strict";

  const POLL_MS = 60_000;
  const SILENCE_MS = 70_000; // the server says something every 25 seconds
  const FIRST_RETRY_MS = 1_000;
  const LONGEST_RETRY_MS = 60_000;
  const TOAST_MS = 8_000;
  const SHOWN = 10;
  const ENDED = new Set([4401, 4403]); // trying again would end the same way

  const ago = (iso) => {
    const minutes = Math.floor((Date.now() - new Date(iso)) / 60_000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return `${minutes} min ago`;
    if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
    const days = Math.floor(minutes / (24 * 60));
    return days === 1 ? "1 day ago" : `${days} days ago`;
  };

  class Bell {
    constructor(root) {
      this.root = root;
      this.button = root.querySelector("[data-bell-button]");
      this.box = root.querySelector("[data-bell-box]");
      this.items = [];
      this.unread = 0;
      this.retryMs = FIRST_RETRY_MS;
      this.button.setAttribute("role", "button");
      this.button.setAttribute("aria-expanded", "false");
      this.button.setAttribute("aria-controls", this.box.id);
      this.listen();
      this.connect();
      this.poll();
      setInterval(() => this.isLive || document.hidden || this.poll(), POLL_MS);
    }

    part(name) {
      return this.root.querySelector(`[data-bell-${name}]`);
    }

    // --- what a person does ----------------------------------------------------------------------

    listen() {
      this.button.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        this.toggle(this.box.hidden);
      });
      this.button.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        this.toggle(this.box.hidden);
      });
      this.root.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !this.box.hidden) {
          this.toggle(false);
          this.button.focus();
        }
      });
      document.addEventListener("click", (event) => {
        if (!this.box.hidden && !this.root.contains(event.target)) this.toggle(false);
      });
      this.root.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !this.root.contains(event.relatedTarget)) this.toggle(false);
      });
      this.part("read").addEventListener("submit", (event) => {
        event.preventDefault();
        this.markRead([]);
      });
      this.root.addEventListener("click", (event) => {
        const link = event.target.closest("[data-id]");
        if (link && link.dataset.unread) this.markRead([link.dataset.id]);
      });
      document.addEventListener("visibilitychange", () => {
        if (document.hidden) return;
        if (this.isLive) this.draw();
        else this.poll();
      });
    }

    toggle(open) {
      this.box.hidden = !open;
      this.button.setAttribute("aria-expanded", String(open));
      if (open) this.draw();
    }

    /* Those named, or all. The request outlives the page: following a link must not undo it. */
    async markRead(ids) {
      const form = this.part("read");
      const data = new FormData(form);
      ids.forEach((id) => data.append("id", id));
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: data,
          keepalive: true,
          headers: { Accept: "application/json" },
        });
        if (answer.ok) this.show(await answer.json());
      } catch {
        // Offline: they stay unread, and the next click tries again.
      }
    }

    // --- what the server says --------------------------------------------------------------------

    connect() {
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      const socket = new WebSocket(`${scheme}//${location.host}${this.root.dataset.socket}`);
      const heard = () => {
        clearTimeout(this.watchdog);
        this.watchdog = setTimeout(() => socket.close(), SILENCE_MS);
      };
      socket.addEventListener("open", heard);
      socket.addEventListener("message", (event) => {
        heard();
        this.isLive = true;
        this.retryMs = FIRST_RETRY_MS;
        this.root.dataset.live = "true";
        this.take(JSON.parse(event.data));
      });
      socket.addEventListener("close", (event) => {
        clearTimeout(this.watchdog);
        this.isLive = false;
        delete this.root.dataset.live;
        if (ENDED.has(event.code)) return;
        const waits = this.retryMs * (0.5 + Math.random());
        this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
        setTimeout(() => this.connect(), waits);
      });
    }

    take(frame) {
      if (frame.type === "bell") this.show(frame);
      if (frame.type === "unread") this.poll();
      if (frame.type === "notification") {
        const others = this.items.filter((item) => item.id !== frame.item.id);
        this.show({ unread: frame.unread, items: [frame.item, ...others].slice(0, SHOWN) });
        if (frame.ring) this.ring(frame.item);
      }
    }

    async poll() {
      try {
        const answer = await fetch(this.root.dataset.bell, { redirect: "error" });
        if (answer.ok) this.show(await answer.json());
      } catch {
        // Away, or signed out: the next time tells.
      }
    }

    show({ unread, items }) {
      this.unread = unread;
      this.items = items;
      const count = this.part("count");
      count.textContent = unread > 99 ? "99+" : String(unread);
      count.hidden = unread === 0;
      this.part("all").hidden = unread === 0;
      this.button.setAttribute(
        "aria-label",
        unread === 0 ? "Notifications" : `Notifications, ${unread} unread`,
      );
      this.draw();
    }

    draw() {
      if (this.box.hidden) return;
      const list = this.part("list");
      const focused = list.contains(document.activeElement) && document.activeElement.dataset.id;
      list.replaceChildren(...this.items.map((item) => this.line(item)));
      if (focused) list.querySelector(`[data-id="${focused}"]`)?.focus();
      this.part("none").hidden = this.items.length > 0;
    }

    line(item) {
      const line = this.part("item").content.cloneNode(true).firstElementChild;
      line.classList.add(`sc-bell__item--${item.level}`);
      line.classList.toggle("sc-bell__item--unread", !item.read);
      const link = line.querySelector("a");
      link.href = item.link || this.button.href;
      link.dataset.id = item.id;
      if (!item.read) link.dataset.unread = "true";
      line.querySelector(".sc-bell__title").textContent = item.title;
      line.querySelector(".sc-bell__body").textContent = item.body;
      const when = line.querySelector(".sc-bell__when");
      when.dateTime = item.created_at;
      when.textContent = item.read ? ago(item.created_at) : `${ago(item.created_at)}, unread`;
      return line;
    }

    ring(item) {
      this.part("said").textContent = `New notification: ${item.title}`;
      const toast = document.createElement("ol");
      toast.className = "sc-bell__toast";
      toast.append(this.line(item));
      this.part("toasts").append(toast);
      this.button.classList.remove("sc-bell__button--rings");
      void this.button.offsetWidth; // so that the same animation begins again
      this.button.classList.add("sc-bell__button--rings");
      setTimeout(() => toast.remove(), TOAST_MS);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-bell]").forEach((root) => new Bell(root));
  });
})();
