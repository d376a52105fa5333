package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

var client = &http.Client{Timeout: 20 * time.Second}

// call sends JSON and reads JSON. The status is returned also when the body is no JSON.
func call(r *http.Request, method, target string, body, answer any) (int, error) {
	var payload io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		payload = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(r.Context(), method, target, payload)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	// Kratos keeps these with the session: who the visitor is, not who we are.
	for _, name := range []string{"User-Agent", "X-Real-IP"} {
		if value := r.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	return send(request, answer)
}

func send(request *http.Request, answer any) (int, error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if answer != nil {
		err = json.NewDecoder(response.Body).Decode(answer)
	}
	return response.StatusCode, err
}

// tokens exchanges a code at Hydra's token endpoint; an empty secret means a public client.
func tokens(r *http.Request, hydra, id, secret string, form url.Values) (map[string]any, error) {
	if secret == "" {
		form.Set("client_id", id)
	}
	request, err := http.NewRequestWithContext(r.Context(), "POST", hydra+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if secret != "" {
		request.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	answer := map[string]any{}
	status, err := send(request, &answer)
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		return nil, fmt.Errorf("hydra answered %d: %v", status, answer["error_description"])
	}
	return answer, nil
}

func random() string {
	bytes := make([]byte, 32)
	_, _ = rand.Read(bytes) // documented never to fail
	return base64.RawURLEncoding.EncodeToString(bytes)
}

// page answers with HTML that nobody may keep.
func page(w http.ResponseWriter, status int, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!doctype html><meta charset=utf-8><title>%s</title><h1>%s</h1>%s", title, title, body)
}

func failed(w http.ResponseWriter, status int, err error) {
	page(w, status, "Error", "<p>"+html.EscapeString(err.Error())+"</p>")
}

// withPolicy sets the Content-Security-Policy, a new nonce each time, on everything but /api/.
func withPolicy(next http.Handler, extra string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			script := "script-src 'self' 'nonce-" + random() + "'"
			connect, frame := "connect-src 'self'", "frame-src 'self'"
			if extra != "" {
				script, connect, frame = script+" 'strict-dynamic' "+extra, connect+" "+extra, frame+" "+extra
			}
			w.Header().Set("Content-Security-Policy", strings.Join([]string{"default-src 'self'", script,
				"style-src 'self' 'unsafe-inline'", frame, connect, "img-src 'self' data:", "font-src 'self'",
				"object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"}, "; "))
		}
		next.ServeHTTP(w, r)
	})
}

func signature(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// setCookie stores a signed value that ends by itself.
func setCookie(w http.ResponseWriter, key, name string, value any, life time.Duration) {
	text, _ := json.Marshal([]any{time.Now().Add(life).Unix(), value})
	encoded := base64.RawURLEncoding.EncodeToString(text)
	http.SetCookie(w, &http.Cookie{Name: name, Value: encoded + "." + signature(key, name+encoded), Path: "/",
		MaxAge: int(life.Seconds()), HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
}

// cookie reads back what setCookie stored; false when it is missing, forged or over.
func cookie(r *http.Request, key, name string, value any) bool {
	stored, err := r.Cookie(name)
	if err != nil {
		return false
	}
	encoded, mac, _ := strings.Cut(stored.Value, ".")
	if !hmac.Equal([]byte(mac), []byte(signature(key, name+encoded))) {
		return false
	}
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	var end int64
	return json.Unmarshal(text, &[]any{&end, value}) == nil && time.Now().Unix() < end
}

func clearCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true})
}
