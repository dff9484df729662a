export default function Login() {
  return (
    <form method="post" action="/api/login">
      <h1>Log in</h1>
      <label>
        Name <input name="user" autoComplete="username" />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" />
      </label>
      <button type="submit">Log in</button>
    </form>
  );
}
